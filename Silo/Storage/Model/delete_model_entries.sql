-- Purpose: forgets entries that a snapshot holds. Parameters: @before: the first that stays.
DELETE FROM model_entry WHERE position < @before
