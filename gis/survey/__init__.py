"""测区数据: survey tables on their way into the network, staged, checked, compared, accepted or dropped."""
