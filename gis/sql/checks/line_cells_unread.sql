SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value, jsonb_build_object('cells', unread) AS detail, geom
FROM checked_line WHERE unread <> '{}'
