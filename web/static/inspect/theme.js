// Before the first paint: the theme this phone was set to. A classic script, so that nothing flashes.
document.documentElement.dataset.theme = localStorage.getItem("citygrid-inspect-theme") ?? "";
