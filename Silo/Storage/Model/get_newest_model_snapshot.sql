-- Purpose: the newest snapshot of this history. Parameters: none.
SELECT s.timeline, s.position, s.digest, s.bytes
FROM model_snapshot s JOIN model_head h ON h.timeline = s.timeline AND s.position <= h.position
ORDER BY s.position DESC LIMIT 1
