-- A shop at MySQL, with about @rows rows, to be run as a whole.
SET SESSION cte_max_recursion_depth = 100000000;

CREATE TABLE customer (
  id int unsigned AUTO_INCREMENT PRIMARY KEY,
  email varchar(80) NOT NULL UNIQUE,
  name varchar(60) NOT NULL,
  vip tinyint(1) NOT NULL DEFAULT 0,
  born year,
  signed_up datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
) COMMENT 'who buys';

CREATE TABLE product (
  id int unsigned AUTO_INCREMENT PRIMARY KEY,
  sku char(12) NOT NULL UNIQUE,
  price decimal(10,2) NOT NULL,
  tags set('new','sale','last one') NOT NULL DEFAULT '',
  detail json,
  stock mediumint unsigned NOT NULL
);

CREATE TABLE orders (
  id bigint unsigned AUTO_INCREMENT PRIMARY KEY,
  customer_id int unsigned NOT NULL,
  state enum('new','paid','sent','returned, late') NOT NULL DEFAULT 'new',
  placed_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  changed_at timestamp(3) NULL ON UPDATE CURRENT_TIMESTAMP(3),
  note varchar(200),
  KEY (customer_id, placed_at),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
);

CREATE TABLE order_line (
  order_id bigint unsigned NOT NULL,
  line tinyint unsigned NOT NULL,
  product_id int unsigned NOT NULL,
  quantity smallint unsigned NOT NULL,
  price decimal(10,2) NOT NULL,
  total decimal(14,2) AS (quantity * price) STORED,
  PRIMARY KEY (order_id, line),
  FOREIGN KEY (order_id) REFERENCES orders (id),
  FOREIGN KEY (product_id) REFERENCES product (id)
);

CREATE TABLE payment (
  id binary(16) PRIMARY KEY,
  order_id bigint unsigned NOT NULL,
  amount decimal(12,2) NOT NULL,
  took time(3),
  KEY (order_id)
);

CREATE TABLE page_view (
  path varchar(60) NOT NULL,
  seen_at datetime(6) NOT NULL,
  millis float
);

-- Each committed transaction of a writer leaves its number, so that acknowledged commits can be counted on both sides.
CREATE DATABASE work;
CREATE TABLE work.receipt (
  writer int, seq int, kind varchar(40) NOT NULL, PRIMARY KEY (writer, seq)
);

INSERT INTO customer (email, name, vip, born)
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.1)
SELECT CONCAT('c', i, '@example.org'), CONCAT('Zoë ', i), i % 20 = 0, 1940 + i % 65 FROM n;

INSERT INTO product (sku, price, tags, detail, stock)
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.02)
SELECT CONCAT('SKU-', i), i % 500 + 0.99, IF(i % 3 = 0, 'new,sale', ''),
       JSON_OBJECT('weight', i % 100, 'colours', JSON_ARRAY('blå', 'red')), 10000
FROM n;

INSERT INTO orders (customer_id, state, placed_at, note)
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.25)
SELECT 1 + i % FLOOR(@rows * 0.1), ELT(1 + i % 4, 'new', 'paid', 'sent', 'returned, late'),
       '2024-01-01 00:00:00.125' + INTERVAL i SECOND, IF(i % 4 = 0, 'please ring twice', NULL)
FROM n;

INSERT INTO order_line (order_id, line, product_id, quantity, price)
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.25)
SELECT i, 1, 1 + i % FLOOR(@rows * 0.02), 1 + i % 5, i % 500 + 0.99 FROM n;

INSERT INTO order_line (order_id, line, product_id, quantity, price)
SELECT order_id, 2, product_id, 1, 5.00 FROM order_line WHERE order_id % 2 = 0;

INSERT INTO payment
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.15)
SELECT UNHEX(MD5(i)), i, i % 500 + 0.99, '00:00:01.250' FROM n;

INSERT INTO page_view
WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < @rows * 0.1)
SELECT CONCAT('/p/', i % 1000), '2024-05-05 05:05:05.123456', i % 800 FROM n;
