-- Unset means nobody; a set scope opens exactly what it names.
DO $$ BEGIN
    PERFORM set_config('app.scope', '', true);
    ASSERT platform.person() IS NULL AND platform.org() IS NULL AND platform.areas() IS NULL,
        'an unset scope names somebody';
    ASSERT platform.in_areas('431129', '431129103201') IS NOT TRUE, 'an unset scope opens an area';

    PERFORM set_config('app.scope', '|||,431129103,|||', true);
    ASSERT platform.in_areas('431129', '431129103201'), 'a town does not open its village';
    ASSERT platform.in_areas('431129', NULL) IS NOT TRUE, 'a town opens its county';
    ASSERT platform.in_areas('431129', '431129104201') IS NOT TRUE, 'a town opens its neighbour';

    PERFORM set_config('app.scope', '|||,431103,431129,||2025-03-10T16:00:00Z|', true);
    ASSERT platform.in_areas('431129', NULL), 'a county does not open itself';
    ASSERT NOT platform.in_areas('431172', '431181103'), 'a county opens another';
    ASSERT platform.today() = '2025-03-11', 'the business day is not that of Shanghai';
    ASSERT platform.areas() = ARRAY['431103', '431129'], 'areas are not read back';
    PERFORM set_config('app.scope', '', true);
END $$;
