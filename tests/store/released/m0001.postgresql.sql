CREATE SCHEMA matchengine;
CREATE FUNCTION matchengine.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the record of events is added to, never changed'; END $$;
CREATE TABLE matchengine.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE matchengine.audit (
    programme text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subjects text NOT NULL,
    details text NOT NULL,
    why text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE matchengine.involvement (
    programme text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE matchengine.programme (
    name text NOT NULL COLLATE pg_catalog."C",
    epoch bigint NOT NULL,
    generation bigint NOT NULL,
    audit_number bigint NOT NULL,
    audit_hash text NOT NULL,
    unclean boolean NOT NULL
);
CREATE TABLE matchengine.record (
    programme text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    generation bigint NOT NULL,
    written_at bigint NOT NULL,
    expires_at bigint,
    people text NOT NULL,
    document bytea
);
CREATE TABLE matchengine.vector (
    programme text NOT NULL COLLATE pg_catalog."C",
    model text NOT NULL COLLATE pg_catalog."C",
    key bytea NOT NULL,
    vector bytea NOT NULL,
    truncated boolean NOT NULL
);
INSERT INTO matchengine.alembic_version VALUES ('m0001');
INSERT INTO matchengine.audit VALUES ('main', 1, 1795330012973698, 'host:1', 'changed', '["\u03a9"]', '{"b": "2", "a": "1"}', 'wanted', '0000000000000000000000000000000000000000000000000000000000000000', '8f94e4d2488b06ec8529ded5ecc9f1934c665573bb4c6b296994b44db38e5539');
INSERT INTO matchengine.audit VALUES ('main', 2, 1795330012973698, 'host:1', 'changed', '["\u03a9"]', '{"b": "2", "a": "1"}', 'wanted', '8f94e4d2488b06ec8529ded5ecc9f1934c665573bb4c6b296994b44db38e5539', 'e269878bfddf0066e5ab283a2748ce585a2b43dd9939c9c39f3195d9dccff3d3');
INSERT INTO matchengine.audit VALUES ('main', 3, 1795330012994501, 'host:1', 'changed', '["b_", "a b"]', '{"b": "2", "a": "1"}', 'wanted', 'e269878bfddf0066e5ab283a2748ce585a2b43dd9939c9c39f3195d9dccff3d3', 'd1ef0e963a8a3c66e82f6a32bb9668cde14ca606426e9e3db0f757d7b1358a80');
INSERT INTO matchengine.audit VALUES ('main', 4, 1795330012994501, 'host:1', 'changed', '["b_", "a b"]', '{"b": "2", "a": "1"}', 'wanted', 'd1ef0e963a8a3c66e82f6a32bb9668cde14ca606426e9e3db0f757d7b1358a80', '403bea22a113fbb6fcb0ba0e0cc7ec94c63a31b32fbdf5c7e314d3b30fbd241a');
INSERT INTO matchengine.audit VALUES ('main', 5, 1795330012998665, 'host:1', 'changed', '["bo%"]', '{"b": "2", "a": "1"}', 'wanted', '403bea22a113fbb6fcb0ba0e0cc7ec94c63a31b32fbdf5c7e314d3b30fbd241a', 'fde30ede01109a7e0d27d75ec1a81a54c8abdf643d5884b3715ec9a3183b5359');
INSERT INTO matchengine.audit VALUES ('main', 6, 1795330013005386, 'host:1', 'changed', '["a b", "a b"]', '{"b": "2", "a": "1"}', 'wanted', 'fde30ede01109a7e0d27d75ec1a81a54c8abdf643d5884b3715ec9a3183b5359', '20812daaa3e04a6fe62a73f7a4175e35af5b46fb460940847710d0ca23801f6c');
INSERT INTO matchengine.audit VALUES ('main', 7, 1795330013005386, 'host:1', 'changed', '["a b", "a b"]', '{"b": "2", "a": "1"}', 'wanted', '20812daaa3e04a6fe62a73f7a4175e35af5b46fb460940847710d0ca23801f6c', 'a5f584f8fbf80c2dccc4e8ec069610a4bf301a476099bd779c4b0dc24b6b07d7');
INSERT INTO matchengine.audit VALUES ('main', 8, 1795330013022803, 'host:1', 'changed', '["\\"]', '{"b": "2", "a": "1"}', 'wanted', 'a5f584f8fbf80c2dccc4e8ec069610a4bf301a476099bd779c4b0dc24b6b07d7', '323111d4f1784f37feeb58a6d7ec1897f47496e426aeb708f37eacb9daf643f2');
INSERT INTO matchengine.audit VALUES ('main', 9, 1795330013022803, 'host:1', 'changed', '["\\"]', '{"b": "2", "a": "1"}', 'wanted', '323111d4f1784f37feeb58a6d7ec1897f47496e426aeb708f37eacb9daf643f2', 'e50d3e25946803b4365b82dd857fd14325e9badd25f28e7409860f44c36d1936');
INSERT INTO matchengine.audit VALUES ('main', 10, 1795330013031344, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', 'e50d3e25946803b4365b82dd857fd14325e9badd25f28e7409860f44c36d1936', '7e5a4a229baee5373c72b5d1a8347374daa122177bd20d1fa60654636411430b');
INSERT INTO matchengine.audit VALUES ('main', 11, 1795330013039240, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '7e5a4a229baee5373c72b5d1a8347374daa122177bd20d1fa60654636411430b', '1f917c04251cd7258206953ab14d4f0306bf7311253ad25dc78da5333aa2bad8');
INSERT INTO matchengine.audit VALUES ('main', 12, 1795330013039240, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '1f917c04251cd7258206953ab14d4f0306bf7311253ad25dc78da5333aa2bad8', '06d4b5c6369e6b9e43876dcdd2c6f6daecd6b41ae85ef25fd046229cd20cfabd');
INSERT INTO matchengine.audit VALUES ('main', 13, 1795330013043358, 'host:1', 'changed', '["Ana", "a b"]', '{"b": "2", "a": "1"}', 'wanted', '06d4b5c6369e6b9e43876dcdd2c6f6daecd6b41ae85ef25fd046229cd20cfabd', '77805b4bb0acb3c5b46e2017e13788cec748e2e5f327f4915f53dbad944c4891');
INSERT INTO matchengine.audit VALUES ('main', 14, 1795330013043358, 'host:1', 'changed', '["Ana", "a b"]', '{"b": "2", "a": "1"}', 'wanted', '77805b4bb0acb3c5b46e2017e13788cec748e2e5f327f4915f53dbad944c4891', '051af0a1415e77a852849e8bdc6522fb5693015925283c5f1621e2820ef64ad4');
INSERT INTO matchengine.audit VALUES ('main', 15, 1795330013047050, 'host:1', 'changed', '["\\", "\\"]', '{"b": "2", "a": "1"}', 'wanted', '051af0a1415e77a852849e8bdc6522fb5693015925283c5f1621e2820ef64ad4', '57689473e6974996384f176133f99dade302968942fed6b5ab2df4a800be043b');
INSERT INTO matchengine.audit VALUES ('main', 16, 1795330013047050, 'host:1', 'changed', '["\\", "\\"]', '{"b": "2", "a": "1"}', 'wanted', '57689473e6974996384f176133f99dade302968942fed6b5ab2df4a800be043b', '2d39ed664aa7244de470c09d585b2186347628437518629648e466dff64d3c24');
INSERT INTO matchengine.audit VALUES ('main', 17, 1795330013055761, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '2d39ed664aa7244de470c09d585b2186347628437518629648e466dff64d3c24', '87648b0eb67f6ec7cdb27444f01fbfd1e2064cde62d330b5778aaa89928d9144');
INSERT INTO matchengine.audit VALUES ('main', 18, 1795330013055761, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '87648b0eb67f6ec7cdb27444f01fbfd1e2064cde62d330b5778aaa89928d9144', '90463ce43ab8aaec5b494b8e660580b2fac652f7ef685cd2ed88e409c1c234f1');
INSERT INTO matchengine.audit VALUES ('main', 19, 1795330013057718, 'host:1', 'changed', '["Ana", "a b"]', '{"b": "2", "a": "1"}', 'wanted', '90463ce43ab8aaec5b494b8e660580b2fac652f7ef685cd2ed88e409c1c234f1', 'b80c32caeea57bc7cf97f1a1b5183ee993e6e9cd941603df88c271f906d1ff8b');
INSERT INTO matchengine.audit VALUES ('main', 20, 1795330013057718, 'host:1', 'changed', '["Ana", "a b"]', '{"b": "2", "a": "1"}', 'wanted', 'b80c32caeea57bc7cf97f1a1b5183ee993e6e9cd941603df88c271f906d1ff8b', 'cb0884e162b9fcb21110e9d9279062c62f63cad0c6ee17cd93165895ea1a86bc');
INSERT INTO matchengine.audit VALUES ('main', 21, 1795330013078132, 'host:1', 'changed', '["bo%"]', '{"b": "2", "a": "1"}', 'wanted', 'cb0884e162b9fcb21110e9d9279062c62f63cad0c6ee17cd93165895ea1a86bc', 'd3782d7639084b59214a62d2964327991d860162815ca4a3949ac92d8f137ee1');
INSERT INTO matchengine.audit VALUES ('main', 22, 1795330013078132, 'host:1', 'changed', '["bo%"]', '{"b": "2", "a": "1"}', 'wanted', 'd3782d7639084b59214a62d2964327991d860162815ca4a3949ac92d8f137ee1', 'cffca20830b5d3107dfb5fcb72e4d45b06bc65391bba4dbd38f238ddd9d3c670');
INSERT INTO matchengine.audit VALUES ('main', 23, 1795330013091418, 'host:1', 'changed', '["''", "\\"]', '{"b": "2", "a": "1"}', 'wanted', 'cffca20830b5d3107dfb5fcb72e4d45b06bc65391bba4dbd38f238ddd9d3c670', '06845c129152e357bfae0db1162bb2638e9ed25a176516e4bc44fe3838488d4f');
INSERT INTO matchengine.audit VALUES ('main', 24, 1795330013091418, 'host:1', 'changed', '["''", "\\"]', '{"b": "2", "a": "1"}', 'wanted', '06845c129152e357bfae0db1162bb2638e9ed25a176516e4bc44fe3838488d4f', '74e4419bbc2025745f5638ade72133d4fdfd0f7ae96aa4a62692b667854c3ab6');
INSERT INTO matchengine.audit VALUES ('main', 25, 1795330013094644, 'host:1', 'changed', '["Ana"]', '{"b": "2", "a": "1"}', 'wanted', '74e4419bbc2025745f5638ade72133d4fdfd0f7ae96aa4a62692b667854c3ab6', '3f66b515a3d08fc32ea77871ff8f815c9963b5af6ea89bb72f3daea51c998f55');
INSERT INTO matchengine.audit VALUES ('main', 26, 1795330013103436, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '3f66b515a3d08fc32ea77871ff8f815c9963b5af6ea89bb72f3daea51c998f55', '71b3eee296c20784e3ee108ee79bdf9b856f4883a7c3d227c354e0059c91630a');
INSERT INTO matchengine.audit VALUES ('main', 27, 1795330013107476, 'host:1', 'changed', '["b_", "b_"]', '{"b": "2", "a": "1"}', 'wanted', '71b3eee296c20784e3ee108ee79bdf9b856f4883a7c3d227c354e0059c91630a', '54af9d34c1e464319d35dbc8d9ce40826e073126fd2a72c3497dfaca688d2901');
INSERT INTO matchengine.audit VALUES ('main', 28, 1795330013107476, 'host:1', 'changed', '["b_", "b_"]', '{"b": "2", "a": "1"}', 'wanted', '54af9d34c1e464319d35dbc8d9ce40826e073126fd2a72c3497dfaca688d2901', '491b796ca415613a6843a838ab655305294cb47fcbcd9439d61d025276f6e9a4');
INSERT INTO matchengine.audit VALUES ('main', 29, 1795330013114755, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '491b796ca415613a6843a838ab655305294cb47fcbcd9439d61d025276f6e9a4', '393b8c6e0d3bb86976ae626c98449ac018e8293c08be2e8bbbdbc4b84ed8dc44');
INSERT INTO matchengine.audit VALUES ('main', 30, 1795330013119446, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '393b8c6e0d3bb86976ae626c98449ac018e8293c08be2e8bbbdbc4b84ed8dc44', '22ef70a43b8d80a9d2f914289aa41e4887da0da8e248b8b93755e01b25fbdcda');
INSERT INTO matchengine.audit VALUES ('main', 31, 1795330013127327, 'host:1', 'changed', '["\"", "\u03a9"]', '{"b": "2", "a": "1"}', 'wanted', '22ef70a43b8d80a9d2f914289aa41e4887da0da8e248b8b93755e01b25fbdcda', 'ae14e11650d8e6aff4fb2cb6cb23c33a10fc825bc7cafdb92a274eaf01008982');
INSERT INTO matchengine.audit VALUES ('main', 32, 1795330013127327, 'host:1', 'changed', '["\"", "\u03a9"]', '{"b": "2", "a": "1"}', 'wanted', 'ae14e11650d8e6aff4fb2cb6cb23c33a10fc825bc7cafdb92a274eaf01008982', '16b84fb65894b46bd6428788f4ef4c74812f39e89ecbc8d9191dbfd114eb6324');
INSERT INTO matchengine.audit VALUES ('main', 33, 1795330013150215, 'host:1', 'changed', '["bo%", "Ana"]', '{"b": "2", "a": "1"}', 'wanted', '16b84fb65894b46bd6428788f4ef4c74812f39e89ecbc8d9191dbfd114eb6324', '7177f98168bceaefdfa934738243bb89c2266c3e90036403afedfe2f7773eda9');
INSERT INTO matchengine.audit VALUES ('main', 34, 1795330013159608, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', '7177f98168bceaefdfa934738243bb89c2266c3e90036403afedfe2f7773eda9', 'd3489d960897484f302c65dffc8c745d00f9e90900724b394a292f7995d1cb4e');
INSERT INTO matchengine.audit VALUES ('main', 35, 1795330013164781, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', 'd3489d960897484f302c65dffc8c745d00f9e90900724b394a292f7995d1cb4e', 'cce5c746bf83a086be3c18182dbad7c29adad31ec9ef430c8c903ddfc2ff2c0e');
INSERT INTO matchengine.audit VALUES ('main', 36, 1795330013164781, 'host:1', 'changed', '[]', '{"b": "2", "a": "1"}', 'wanted', 'cce5c746bf83a086be3c18182dbad7c29adad31ec9ef430c8c903ddfc2ff2c0e', '2e01f815faf11da210dbd23d1e059ccb52a820199f21edf7acaa8eb8002f9783');
INSERT INTO matchengine.audit VALUES ('other', 1, 1795330013183501, 'host:1', 'changed', '["bo%"]', '{"b": "2", "a": "1"}', 'wanted', '0000000000000000000000000000000000000000000000000000000000000000', '198f4bb736f9431f364741c16732a47030edf9f720e27d78f5ef10ed0108bf6a');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'relationship', 'Ω');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'relationship', 'bo%');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'relationship', 'ana');
INSERT INTO matchengine.involvement VALUES ('main', '\', 'it''s; DROP TABLE record --', 'Ana');
INSERT INTO matchengine.involvement VALUES ('main', '\', 'it''s; DROP TABLE record --', '''');
INSERT INTO matchengine.involvement VALUES ('main', '''', 'it''s; DROP TABLE record --', '''');
INSERT INTO matchengine.involvement VALUES ('main', 'b_', 'setting', 'bo%');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'person', 'ana');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'person', 'a b');
INSERT INTO matchengine.involvement VALUES ('main', 'a b', 'person', 'Ana');
INSERT INTO matchengine.involvement VALUES ('main', '\', 'relationship', '''');
INSERT INTO matchengine.involvement VALUES ('main', '\', 'relationship', '\');
INSERT INTO matchengine.involvement VALUES ('main', '\', 'relationship', 'Ana');
INSERT INTO matchengine.involvement VALUES ('other', 'ana', 'person', 'Ω');
INSERT INTO matchengine.involvement VALUES ('other', 'ana', 'setting', '''');
INSERT INTO matchengine.involvement VALUES ('other', 'a b', 'person', '''');
INSERT INTO matchengine.programme VALUES ('main', 3, 76, 36, '2e01f815faf11da210dbd23d1e059ccb52a820199f21edf7acaa8eb8002f9783', false);
INSERT INTO matchengine.programme VALUES ('other', 0, 4, 1, '198f4bb736f9431f364741c16732a47030edf9f720e27d78f5ef10ed0108bf6a', false);
INSERT INTO matchengine.record VALUES ('main', 'bo%', 'setting', 11, 1795330012998665, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'Ω', 'it''s; DROP TABLE record --', 17, 1795330013022803, 1773064800000000, '[]', '\x7b226e223a362c22c3a9223a22cea9227d');
INSERT INTO matchengine.record VALUES ('main', '🜁', 'relationship', 25, 1795330013047050, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'a b', 'relationship', 33, 1795330013075485, NULL, '["\u03a9", "bo%", "ana"]', '\x7b226e223a31352c22c3a9223a22612062227d');
INSERT INTO matchengine.record VALUES ('main', '🜁', 'it''s; DROP TABLE record --', 35, 1795330013078132, NULL, '[]', '\x7b226e223a31362c22c3a9223a22f09f9c81227d');
INSERT INTO matchengine.record VALUES ('main', 'ana', 'relationship', 39, 1795330013091418, NULL, '[]', '\x7b226e223a31382c22c3a9223a22616e61227d');
INSERT INTO matchengine.record VALUES ('main', '\', 'it''s; DROP TABLE record --', 40, 1795330013091418, 1773061200000000, '["Ana", "''"]', '\x7b226e223a31382c22c3a9223a225c227d');
INSERT INTO matchengine.record VALUES ('main', 'ana', 'setting', 41, 1795330013091418, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '''', 'it''s; DROP TABLE record --', 43, 1795330013094644, NULL, '["''", "''"]', '\x7b226e223a31392c22c3a9223a2227227d');
INSERT INTO matchengine.record VALUES ('main', 'bo%', 'person', 44, 1795330013094644, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'a b', 'it''s; DROP TABLE record --', 58, 1795330013132591, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '\', 'person', 59, 1795330013132591, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '''', 'relationship', 60, 1795330013132591, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '"', 'person', 65, 1795330013150215, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '''', 'person', 66, 1795330013150215, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'Ana', 'person', 67, 1795330013150215, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'b_', 'person', 70, 1795330013150215, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', '🜁', 'person', 71, 1795330013150215, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('main', 'b_', 'setting', 72, 1795330013150215, NULL, '["bo%"]', '\x7b226e223a32362c22c3a9223a22625f227d');
INSERT INTO matchengine.record VALUES ('main', 'a b', 'person', 73, 1795330013159608, 1773054000000000, '["ana", "a b", "Ana"]', '\x7b226e223a32372c22c3a9223a22612062227d');
INSERT INTO matchengine.record VALUES ('main', '\', 'relationship', 74, 1795330013164781, NULL, '["''", "\\", "Ana"]', '\x7b226e223a32382c22c3a9223a225c227d');
INSERT INTO matchengine.record VALUES ('main', 'ana', 'person', 75, 1795330013178346, NULL, '[]', '\x7b226e223a32392c22c3a9223a22616e61227d');
INSERT INTO matchengine.record VALUES ('main', 'ana', 'it''s; DROP TABLE record --', 76, 1795330013178346, 1773068400000000, '[]', '\x7b226e223a32392c22c3a9223a22616e61227d');
INSERT INTO matchengine.record VALUES ('other', 'ana', 'person', 1, 1795330013183501, NULL, '["\u03a9"]', '\x7b226e223a332c22c3a9223a22616e61227d');
INSERT INTO matchengine.record VALUES ('other', 'ana', 'setting', 2, 1795330013183501, 1773064800000000, '["''"]', '\x7b226e223a332c22c3a9223a22616e61227d');
INSERT INTO matchengine.record VALUES ('other', 'bo%', 'setting', 3, 1795330013183501, NULL, '[]', NULL);
INSERT INTO matchengine.record VALUES ('other', 'a b', 'person', 4, 1795330013183501, NULL, '["''"]', '\x7b226e223a332c22c3a9223a22612062227d');
INSERT INTO matchengine.vector VALUES ('main', 'words', '\x0707070707070707070707070707070707070707070707070707070707070707', '\x011d5dbf37407a3f51198bbe40e117be0313b83f48413fbff604c1be38cba3bf', false);
INSERT INTO matchengine.vector VALUES ('main', 'w''', '\x0303030303030303030303030303030303030303030303030303030303030303', '\xc662373f0fc4acbe1591933f2827573f3888643e3ec87c3e18a3e53e5aba8abd', false);
ALTER TABLE ONLY matchengine.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY matchengine.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (programme, number);
ALTER TABLE ONLY matchengine.involvement
    ADD CONSTRAINT involvement_pkey PRIMARY KEY (programme, id, kind, person);
ALTER TABLE ONLY matchengine.programme
    ADD CONSTRAINT programme_pkey PRIMARY KEY (name);
ALTER TABLE ONLY matchengine.record
    ADD CONSTRAINT record_pkey PRIMARY KEY (programme, id, kind);
ALTER TABLE ONLY matchengine.vector
    ADD CONSTRAINT vector_pkey PRIMARY KEY (programme, model, key);
CREATE INDEX involvement_person ON matchengine.involvement USING btree (programme, person);
CREATE INDEX record_expires ON matchengine.record USING btree (programme, expires_at);
CREATE UNIQUE INDEX record_generation ON matchengine.record USING btree (programme, generation);
CREATE INDEX record_kind ON matchengine.record USING btree (programme, kind, generation);
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON matchengine.audit FOR EACH STATEMENT EXECUTE FUNCTION matchengine.refuse_change();
CREATE TRIGGER audit_keeps_lines BEFORE DELETE OR UPDATE ON matchengine.audit FOR EACH ROW EXECUTE FUNCTION matchengine.refuse_change();
ALTER TABLE ONLY matchengine.involvement
    ADD CONSTRAINT involvement_of_record FOREIGN KEY (programme, id, kind) REFERENCES matchengine.record(programme, id, kind) ON DELETE CASCADE;
