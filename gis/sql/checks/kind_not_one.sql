SELECT row_id, ((feature <> '')::integer + (appendage <> '')::integer)::float8 AS value, 1::float8 AS limit_value,
       NULL::jsonb AS detail, geom
FROM checked_point WHERE (feature <> '') = (appendage <> '')
