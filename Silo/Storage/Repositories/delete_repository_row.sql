-- The model has it now.
DELETE FROM repository WHERE id = @id
