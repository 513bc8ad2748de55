"""后台任务: work that waits in PostgreSQL until its time, and is done by ``citygrid work``."""
