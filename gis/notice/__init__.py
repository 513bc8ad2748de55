"""通知: what people are told, in the app, by e-mail, and other systems by webhook."""
