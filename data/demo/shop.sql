-- The demo shop: what the harbour's chandlery sells, to whom, and what they asked.
create table customers (
    id integer primary key,
    name text not null,
    email text not null unique,
    town text not null,
    since date not null
);
create table products (
    id integer primary key,
    name text not null,
    category text not null,
    price real not null,
    stock integer not null,
    reorder_at integer not null
);
create table orders (
    id integer primary key,
    customer_id integer not null references customers(id),
    ordered_on date not null,
    status text not null check (status in ('open', 'paid', 'shipped', 'late', 'returned'))
);
create table order_lines (
    order_id integer not null references orders(id),
    product_id integer not null references products(id),
    quantity integer not null,
    price real not null,
    primary key (order_id, product_id)
);
create table tickets (
    id integer primary key,
    customer_id integer not null references customers(id),
    subject text not null,
    opened_on date not null,
    answered_on date
);
insert into customers values
    (1, 'Ines Halloran', 'ines@lantern-line.example', 'Lantern Bay', '2021-03-04'),
    (2, 'Colm Devane', 'colm@saltby.example', 'Saltby', '2022-07-19'),
    (3, 'Noor Whitfield', 'noor@tideclocks.example', 'Lantern Bay', '2020-11-02'),
    (4, 'Femi Duarte', 'femi@reefwatch.example', 'Dunmoor', '2023-01-30'),
    (5, 'Ruth Ferreira', 'ruth@parish-archive.example', 'Hillside', '2019-05-21'),
    (6, 'Agnes Brook', 'agnes@weirlane.example', 'Lantern Bay', '2024-02-12'),
    (7, 'Tom Adeyemi', 'tom@harbourlantern.example', 'Hillside', '2024-09-08'),
    (8, 'Priya Raman', 'priya@harbourlantern.example', 'Saltby', '2025-04-15');
insert into products values
    (1, 'Rope, 12 mm, 50 m', 'rigging', 64.50, 18, 10),
    (2, 'Brass cleat', 'fittings', 11.20, 140, 40),
    (3, 'Deck lantern', 'lighting', 39.00, 6, 12),
    (4, 'Marine battery, 100 Ah', 'electrics', 189.00, 4, 5),
    (5, 'Solar panel, 60 W', 'electrics', 118.00, 9, 4),
    (6, 'Tide tables', 'books', 7.90, 75, 20),
    (7, 'Life jacket', 'safety', 84.00, 22, 15),
    (8, 'Flare set', 'safety', 46.00, 3, 8),
    (9, 'Wool cap', 'clothing', 24.00, 51, 15),
    (10, 'Oilskin jacket', 'clothing', 142.00, 11, 6),
    (11, 'Cork fender', 'fittings', 31.50, 0, 10),
    (12, 'Signal whistle', 'safety', 4.50, 210, 50);
insert into orders values
    (1, 1, '2026-01-12', 'shipped'), (2, 3, '2026-01-29', 'shipped'),
    (3, 2, '2026-02-03', 'shipped'), (4, 5, '2026-02-17', 'returned'),
    (5, 4, '2026-03-08', 'shipped'), (6, 1, '2026-03-22', 'shipped'),
    (7, 6, '2026-04-02', 'shipped'), (8, 7, '2026-04-19', 'paid'),
    (9, 2, '2026-05-05', 'shipped'), (10, 8, '2026-05-23', 'late'),
    (11, 3, '2026-06-11', 'shipped'), (12, 1, '2026-06-30', 'late'),
    (13, 4, '2026-07-14', 'paid'), (14, 6, '2026-08-01', 'open'),
    (15, 5, '2026-08-20', 'late'), (16, 7, '2026-09-09', 'open');
insert into order_lines values
    (1, 1, 4, 64.50), (1, 7, 6, 84.00), (2, 6, 10, 7.90), (2, 2, 8, 11.20),
    (3, 4, 2, 189.00), (3, 5, 2, 118.00), (4, 10, 1, 142.00), (5, 7, 3, 84.00),
    (5, 12, 20, 4.50), (6, 8, 5, 46.00), (6, 3, 6, 39.00), (7, 9, 2, 24.00),
    (8, 6, 1, 7.90), (8, 9, 1, 24.00), (9, 1, 2, 64.50), (9, 11, 12, 31.50),
    (10, 10, 2, 142.00), (11, 3, 1, 39.00), (12, 4, 6, 189.00), (12, 5, 6, 118.00),
    (13, 7, 2, 84.00), (14, 2, 24, 11.20), (15, 9, 3, 24.00), (16, 12, 2, 4.50);
insert into tickets values
    (1, 4, 'Life jacket strap is loose', '2026-08-28', '2026-08-30'),
    (2, 2, 'When do fenders come back?', '2026-09-02', null),
    (3, 8, 'My order is three weeks late', '2026-09-05', null),
    (4, 5, 'Refund for the jacket', '2026-09-11', '2026-09-11'),
    (5, 1, 'Invoice for June, please', '2026-09-14', null);
