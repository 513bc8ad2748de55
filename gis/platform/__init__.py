"""上级平台: cases exchanged with the city management platform of the province or the state."""
