CREATE TABLE reference.area_points (
    code text PRIMARY KEY, name text NOT NULL, lat_wgs84 numeric NOT NULL, lng_wgs84 numeric NOT NULL,
    kind text NOT NULL, source text NOT NULL
);
