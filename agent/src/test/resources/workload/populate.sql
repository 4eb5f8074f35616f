-- Rows to begin with; landbridge.rows is the size of the small tables.

INSERT INTO public.pgbench_branches
SELECT g, 0, '' FROM generate_series(1, greatest(1, current_setting('landbridge.rows')::int / 1000)) g;
INSERT INTO public.pgbench_tellers
SELECT g, 1 + (g - 1) / 10, 0, '' FROM generate_series(1, 10 * (SELECT max(bid) FROM public.pgbench_branches)) g;
INSERT INTO public.pgbench_accounts
SELECT g, 1 + g % (SELECT max(bid) FROM public.pgbench_branches), 0, ''
FROM generate_series(1, 20 * current_setting('landbridge.rows')::int) g;
INSERT INTO public.pgbench_history
SELECT 1, 1, g, g % 7, timestamp '2020-01-01' + g * interval '1 second', 'old'
FROM generate_series(1, current_setting('landbridge.rows')::int) g;

INSERT INTO work.ledger
SELECT 'first', g, g / 7.0, (ARRAY['north', 'süd', 'o''st', E'w\test'])[1 + g % 4]
FROM generate_series(1, current_setting('landbridge.rows')::int) g;
INSERT INTO work.document
SELECT md5(g::text)::uuid, 0, 'title ' || g, repeat(md5(g::text), CASE WHEN g % 3 = 0 THEN 200 ELSE 2 END),
    jsonb_build_object('n', g, 'tags', ARRAY['a', 'b']), decode(repeat(md5(g::text), g % 150), 'hex')
FROM generate_series(1, current_setting('landbridge.rows')::int) g;
INSERT INTO work.event_log
SELECT g % 50, 'note ' || g % 5, CASE WHEN g % 20 = 0 THEN repeat('p', 4000) END, '2020-01-01'
FROM generate_series(1, current_setting('landbridge.rows')::int) g;
INSERT INTO work.seat
SELECT g, g, 'badge ' || g FROM generate_series(1, 150) g;
INSERT INTO work.badge (code, holder)
SELECT 'code ' || g, NULL FROM generate_series(1, current_setting('landbridge.rows')::int / 4) g;
INSERT INTO work.customer (name, email)
SELECT 'customer ' || g, g || '@example.org' FROM generate_series(1, current_setting('landbridge.rows')::int / 4) g;
INSERT INTO work.purchase (customer, total)
SELECT 1 + g % (current_setting('landbridge.rows')::int / 4), g FROM generate_series(1, current_setting('landbridge.rows')::int / 2) g;
INSERT INTO work.purchase_line
SELECT g, l, 'article ' || l, l FROM generate_series(1, current_setting('landbridge.rows')::int / 2) g, generate_series(1, 2) l;
INSERT INTO work.moving
SELECT g * 10, 'start', repeat(md5(g::text), 80) FROM generate_series(1, current_setting('landbridge.rows')::int / 2) g;
INSERT INTO work.hot
SELECT g, 0, '', repeat(md5(g::text), 100) FROM generate_series(1, 20) g;
INSERT INTO work.measure SELECT g::numeric(10, 1), g FROM generate_series(1, 40) g;
INSERT INTO work.reading
SELECT g, g % 25, 'v' || g FROM generate_series(1, current_setting('landbridge.rows')::int) g;
ANALYZE;
