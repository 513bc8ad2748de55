"""推送: other systems are told what happens to cases and datasets, in order, signed, again until taken."""
