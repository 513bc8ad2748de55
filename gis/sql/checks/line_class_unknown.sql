SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('code', concat_ws(' ', class_code, sub_code)) AS detail, geom
FROM checked_line WHERE NOT class_known
