-- Purpose: the statements that the official ADO.NET providers read when a silo starts.
-- Parameters: none. Rows: none.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  varchar(64)   NOT NULL PRIMARY KEY,
    QueryText varchar(8000) NOT NULL
)
