PRAGMA application_id = 1296387655;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('m0001');
CREATE TABLE audit (
	programme TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subjects TEXT NOT NULL, 
	details TEXT NOT NULL, 
	why TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (programme, number)
);
INSERT INTO "audit" VALUES('main',1,1795330008787276,'host:1','changed','["\u03a9"]','{"b": "2", "a": "1"}','wanted','0000000000000000000000000000000000000000000000000000000000000000','987c36d7b86f8e740512ad5493ce860f68173993b6f68892c5b4e258e7195297');
INSERT INTO "audit" VALUES('main',2,1795330008787276,'host:1','changed','["\u03a9"]','{"b": "2", "a": "1"}','wanted','987c36d7b86f8e740512ad5493ce860f68173993b6f68892c5b4e258e7195297','d624117163c38d747d27592b635b985bd455cb5db2b98875bdb009b957529bd8');
INSERT INTO "audit" VALUES('main',3,1795330008824401,'host:1','changed','["b_", "a b"]','{"b": "2", "a": "1"}','wanted','d624117163c38d747d27592b635b985bd455cb5db2b98875bdb009b957529bd8','af60be91cfaf08a416ccab8c3131c22070b18dc6032712b6665c699d98402a69');
INSERT INTO "audit" VALUES('main',4,1795330008824401,'host:1','changed','["b_", "a b"]','{"b": "2", "a": "1"}','wanted','af60be91cfaf08a416ccab8c3131c22070b18dc6032712b6665c699d98402a69','bcf84026681b318d74f7f824208ff23a86dcbb80a5b49603ecb4687573e210fd');
INSERT INTO "audit" VALUES('main',5,1795330008835934,'host:1','changed','["bo%"]','{"b": "2", "a": "1"}','wanted','bcf84026681b318d74f7f824208ff23a86dcbb80a5b49603ecb4687573e210fd','f5e477a0b36392a7560b626e6b74d57e67bb48a585dc63713cc743cb783f3a59');
INSERT INTO "audit" VALUES('main',6,1795330008862344,'host:1','changed','["a b", "a b"]','{"b": "2", "a": "1"}','wanted','f5e477a0b36392a7560b626e6b74d57e67bb48a585dc63713cc743cb783f3a59','b6b8661c3e544106a48f030ffd5c363d5eb4c8b98749e64a475d48c929ba78d2');
INSERT INTO "audit" VALUES('main',7,1795330008862344,'host:1','changed','["a b", "a b"]','{"b": "2", "a": "1"}','wanted','b6b8661c3e544106a48f030ffd5c363d5eb4c8b98749e64a475d48c929ba78d2','56e37489a23ec84bbd17974dfdcc20095b47c67fe8eada0938a089bdfff57881');
INSERT INTO "audit" VALUES('main',8,1795330008903966,'host:1','changed','["\\"]','{"b": "2", "a": "1"}','wanted','56e37489a23ec84bbd17974dfdcc20095b47c67fe8eada0938a089bdfff57881','d6460eb3065c0777a707e5893d3291b0680b1d5a65393cd2e9db80fa253a13ef');
INSERT INTO "audit" VALUES('main',9,1795330008903966,'host:1','changed','["\\"]','{"b": "2", "a": "1"}','wanted','d6460eb3065c0777a707e5893d3291b0680b1d5a65393cd2e9db80fa253a13ef','d16355624b197a9c62887e8136f9098719af986e2f681716b9a8cf49eed99c29');
INSERT INTO "audit" VALUES('main',10,1795330008911416,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','d16355624b197a9c62887e8136f9098719af986e2f681716b9a8cf49eed99c29','20dc052b5d2579ff0912b461b6edbb1163f3c7eb11ac3fa86c340ab8df9f68d9');
INSERT INTO "audit" VALUES('main',11,1795330008935465,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','20dc052b5d2579ff0912b461b6edbb1163f3c7eb11ac3fa86c340ab8df9f68d9','32d7fceb2992d720c0c5e260428e36fca61f9daf90cef8d041a87f33b2b80adc');
INSERT INTO "audit" VALUES('main',12,1795330008935465,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','32d7fceb2992d720c0c5e260428e36fca61f9daf90cef8d041a87f33b2b80adc','8b707117fe2bfdc63385718540da5d3d24949f78cbd90ecf63c0d5cc36d23be3');
INSERT INTO "audit" VALUES('main',13,1795330008951395,'host:1','changed','["Ana", "a b"]','{"b": "2", "a": "1"}','wanted','8b707117fe2bfdc63385718540da5d3d24949f78cbd90ecf63c0d5cc36d23be3','a2b6c533196239f241a5170dc2c2cc5002054283f173e63a9d5f18f3c56b151f');
INSERT INTO "audit" VALUES('main',14,1795330008951395,'host:1','changed','["Ana", "a b"]','{"b": "2", "a": "1"}','wanted','a2b6c533196239f241a5170dc2c2cc5002054283f173e63a9d5f18f3c56b151f','fc569278eb7c829f56930d7a7a378c643f67d644eb2763c22d8b27fb3eb92de5');
INSERT INTO "audit" VALUES('main',15,1795330008967847,'host:1','changed','["\\", "\\"]','{"b": "2", "a": "1"}','wanted','fc569278eb7c829f56930d7a7a378c643f67d644eb2763c22d8b27fb3eb92de5','27304180a781d01c2b4ade38704febd3e153f6d9c7a8a30feb392cf1f30f8675');
INSERT INTO "audit" VALUES('main',16,1795330008967847,'host:1','changed','["\\", "\\"]','{"b": "2", "a": "1"}','wanted','27304180a781d01c2b4ade38704febd3e153f6d9c7a8a30feb392cf1f30f8675','9d9c2ea5bd7ec6ef7b48e10bcf3b029d80a9f20254ad025d5892fcbbb2ea35ec');
INSERT INTO "audit" VALUES('main',17,1795330008979513,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','9d9c2ea5bd7ec6ef7b48e10bcf3b029d80a9f20254ad025d5892fcbbb2ea35ec','0b3be4d839db9c571e3ea6264772163569ae1429f9a0ef3338f32076733195fa');
INSERT INTO "audit" VALUES('main',18,1795330008979513,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','0b3be4d839db9c571e3ea6264772163569ae1429f9a0ef3338f32076733195fa','b5d1ba40b98f51a6548e54fa785bf5faddb0ecc4692f9c6cb3ccdf6fd4a4d2eb');
INSERT INTO "audit" VALUES('main',19,1795330008985302,'host:1','changed','["Ana", "a b"]','{"b": "2", "a": "1"}','wanted','b5d1ba40b98f51a6548e54fa785bf5faddb0ecc4692f9c6cb3ccdf6fd4a4d2eb','cfa5086a31eff9037ee692e83573b8803bc37915c1a4f78354c024c1fce01487');
INSERT INTO "audit" VALUES('main',20,1795330008985302,'host:1','changed','["Ana", "a b"]','{"b": "2", "a": "1"}','wanted','cfa5086a31eff9037ee692e83573b8803bc37915c1a4f78354c024c1fce01487','46483098a4d50f294e379302ecd44e6cdc78ef472ac904f4c623f48adcf07447');
INSERT INTO "audit" VALUES('main',21,1795330009023767,'host:1','changed','["bo%"]','{"b": "2", "a": "1"}','wanted','46483098a4d50f294e379302ecd44e6cdc78ef472ac904f4c623f48adcf07447','1a286b6762661887751a41df6b82749c5a136d5d6369d3fa2fea8d7230b92f54');
INSERT INTO "audit" VALUES('main',22,1795330009023767,'host:1','changed','["bo%"]','{"b": "2", "a": "1"}','wanted','1a286b6762661887751a41df6b82749c5a136d5d6369d3fa2fea8d7230b92f54','a998ce697f56d1e7e25495b5859d962bb81c200e8d1b56425169b2c77ff51aaa');
INSERT INTO "audit" VALUES('main',23,1795330009051811,'host:1','changed','["''", "\\"]','{"b": "2", "a": "1"}','wanted','a998ce697f56d1e7e25495b5859d962bb81c200e8d1b56425169b2c77ff51aaa','14698d7782034172af81afeda4a6e41f6724c0d63f46e239d2305401f908b5d2');
INSERT INTO "audit" VALUES('main',24,1795330009051811,'host:1','changed','["''", "\\"]','{"b": "2", "a": "1"}','wanted','14698d7782034172af81afeda4a6e41f6724c0d63f46e239d2305401f908b5d2','d2f604e3e8a9435747222de291352c185bac9102a18264f45c694f383fd026eb');
INSERT INTO "audit" VALUES('main',25,1795330009061849,'host:1','changed','["Ana"]','{"b": "2", "a": "1"}','wanted','d2f604e3e8a9435747222de291352c185bac9102a18264f45c694f383fd026eb','a2ece0fa7a363d2b4a30c6736b4b1626b791f35bb89b273374f2ed91424e6ff7');
INSERT INTO "audit" VALUES('main',26,1795330009072768,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','a2ece0fa7a363d2b4a30c6736b4b1626b791f35bb89b273374f2ed91424e6ff7','f4a185f4be240b16af423a6df044885ed9b7d07ffc91f41b04263abf5c90173c');
INSERT INTO "audit" VALUES('main',27,1795330009081924,'host:1','changed','["b_", "b_"]','{"b": "2", "a": "1"}','wanted','f4a185f4be240b16af423a6df044885ed9b7d07ffc91f41b04263abf5c90173c','288d07c0ae7cefc49efa3ac2ac3e41af84df17bae7738fcd3d4e556f92510494');
INSERT INTO "audit" VALUES('main',28,1795330009081924,'host:1','changed','["b_", "b_"]','{"b": "2", "a": "1"}','wanted','288d07c0ae7cefc49efa3ac2ac3e41af84df17bae7738fcd3d4e556f92510494','e57fd1726ad33add4150c1f85bae69c5560cdaf7b0c7779e5c08dc154906fe61');
INSERT INTO "audit" VALUES('main',29,1795330009087510,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','e57fd1726ad33add4150c1f85bae69c5560cdaf7b0c7779e5c08dc154906fe61','f1c7a51317afeb9992a37fb615c839276e7a658d8e9aabcb7cf7d14cd410606f');
INSERT INTO "audit" VALUES('main',30,1795330009091476,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','f1c7a51317afeb9992a37fb615c839276e7a658d8e9aabcb7cf7d14cd410606f','38889a299e3e7ce80196c38297d1f183972c80a361ec180329fb620feeabffbc');
INSERT INTO "audit" VALUES('main',31,1795330009094339,'host:1','changed','["\"", "\u03a9"]','{"b": "2", "a": "1"}','wanted','38889a299e3e7ce80196c38297d1f183972c80a361ec180329fb620feeabffbc','e6ab7c64a70f4b283ed9f7ce533949cea7e0ca389893a45ce3cbc503e2a96277');
INSERT INTO "audit" VALUES('main',32,1795330009094339,'host:1','changed','["\"", "\u03a9"]','{"b": "2", "a": "1"}','wanted','e6ab7c64a70f4b283ed9f7ce533949cea7e0ca389893a45ce3cbc503e2a96277','af29ed97571406b533555402747995f3f5b4b535fa32859802705f6af2d0e9f8');
INSERT INTO "audit" VALUES('main',33,1795330009109120,'host:1','changed','["bo%", "Ana"]','{"b": "2", "a": "1"}','wanted','af29ed97571406b533555402747995f3f5b4b535fa32859802705f6af2d0e9f8','8cf397aa174589165aaf52913fa626c7e504d704b004b6d293d755ce437764e5');
INSERT INTO "audit" VALUES('main',34,1795330009119596,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','8cf397aa174589165aaf52913fa626c7e504d704b004b6d293d755ce437764e5','7760b6d77b05be8b49bd410e5dd9d6ec066f90483fb31e8386ee040455e55171');
INSERT INTO "audit" VALUES('main',35,1795330009127222,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','7760b6d77b05be8b49bd410e5dd9d6ec066f90483fb31e8386ee040455e55171','c099630041ade6aca76c3810d93fd202ac4ed9f23e85006dc3d6ce3bfe35808e');
INSERT INTO "audit" VALUES('main',36,1795330009127222,'host:1','changed','[]','{"b": "2", "a": "1"}','wanted','c099630041ade6aca76c3810d93fd202ac4ed9f23e85006dc3d6ce3bfe35808e','2e22c1bf5a9ba5b66bac0557aac2689df08fa1ea0a316526b0d543ef208aec97');
INSERT INTO "audit" VALUES('other',1,1795330009133859,'host:1','changed','["bo%"]','{"b": "2", "a": "1"}','wanted','0000000000000000000000000000000000000000000000000000000000000000','1f0df665f33d4642b94578ffa0f75de12099ab0e07061a5509414d3739de3dba');
CREATE TABLE involvement (
	programme TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	person TEXT NOT NULL, 
	PRIMARY KEY (programme, id, kind, person), 
	CONSTRAINT involvement_of_record FOREIGN KEY(programme, id, kind) REFERENCES record (programme, id, kind) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "involvement" VALUES('main','''','it''s; DROP TABLE record --','''');
INSERT INTO "involvement" VALUES('main','\','it''s; DROP TABLE record --','''');
INSERT INTO "involvement" VALUES('main','\','relationship','''');
INSERT INTO "involvement" VALUES('main','\','it''s; DROP TABLE record --','Ana');
INSERT INTO "involvement" VALUES('main','\','relationship','Ana');
INSERT INTO "involvement" VALUES('main','a b','person','Ana');
INSERT INTO "involvement" VALUES('main','\','relationship','\');
INSERT INTO "involvement" VALUES('main','a b','person','a b');
INSERT INTO "involvement" VALUES('main','a b','person','ana');
INSERT INTO "involvement" VALUES('main','a b','relationship','ana');
INSERT INTO "involvement" VALUES('main','a b','relationship','bo%');
INSERT INTO "involvement" VALUES('main','b_','setting','bo%');
INSERT INTO "involvement" VALUES('main','a b','relationship','Ω');
INSERT INTO "involvement" VALUES('other','a b','person','''');
INSERT INTO "involvement" VALUES('other','ana','setting','''');
INSERT INTO "involvement" VALUES('other','ana','person','Ω');
CREATE TABLE programme (
	name TEXT NOT NULL, 
	epoch BIGINT NOT NULL, 
	generation BIGINT NOT NULL, 
	audit_number BIGINT NOT NULL, 
	audit_hash TEXT NOT NULL, 
	unclean BOOLEAN NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "programme" VALUES('main',3,76,36,'2e22c1bf5a9ba5b66bac0557aac2689df08fa1ea0a316526b0d543ef208aec97',0);
INSERT INTO "programme" VALUES('other',0,4,1,'1f0df665f33d4642b94578ffa0f75de12099ab0e07061a5509414d3739de3dba',0);
CREATE TABLE record (
	programme TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	generation BIGINT NOT NULL, 
	written_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	people TEXT NOT NULL, 
	document BLOB, 
	PRIMARY KEY (programme, id, kind)
);
INSERT INTO "record" VALUES('main','''','relationship',60,1795330009099559,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','ana','person',75,1795330009132355,NULL,'[]',X'7B226E223A32392C22C3A9223A22616E61227D');
INSERT INTO "record" VALUES('main','ana','setting',41,1795330009051811,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','ana','relationship',39,1795330009051811,NULL,'[]',X'7B226E223A31382C22C3A9223A22616E61227D');
INSERT INTO "record" VALUES('main','ana','it''s; DROP TABLE record --',76,1795330009132355,1773068400000000,'[]',X'7B226E223A32392C22C3A9223A22616E61227D');
INSERT INTO "record" VALUES('main','bo%','setting',11,1795330008835934,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','a b','person',73,1795330009119596,1773054000000000,'["ana", "a b", "Ana"]',X'7B226E223A32372C22C3A9223A22612062227D');
INSERT INTO "record" VALUES('main','''','person',66,1795330009109120,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','\','person',59,1795330009099559,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','\','it''s; DROP TABLE record --',40,1795330009051811,1773061200000000,'["Ana", "''"]',X'7B226E223A31382C22C3A9223A225C227D');
INSERT INTO "record" VALUES('main','Ω','it''s; DROP TABLE record --',17,1795330008903966,1773064800000000,'[]',X'7B226E223A362C22C3A9223A22CEA9227D');
INSERT INTO "record" VALUES('main','🜁','person',71,1795330009109120,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','Ana','person',67,1795330009109120,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','🜁','it''s; DROP TABLE record --',35,1795330009023767,NULL,'[]',X'7B226E223A31362C22C3A9223A22F09F9C81227D');
INSERT INTO "record" VALUES('main','🜁','relationship',25,1795330008967847,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','"','person',65,1795330009109120,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','a b','relationship',33,1795330009008818,NULL,'["\u03a9", "bo%", "ana"]',X'7B226E223A31352C22C3A9223A22612062227D');
INSERT INTO "record" VALUES('main','b_','person',70,1795330009109120,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','''','it''s; DROP TABLE record --',43,1795330009061849,NULL,'["''", "''"]',X'7B226E223A31392C22C3A9223A2227227D');
INSERT INTO "record" VALUES('main','bo%','person',44,1795330009061849,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','a b','it''s; DROP TABLE record --',58,1795330009099559,NULL,'[]',NULL);
INSERT INTO "record" VALUES('main','b_','setting',72,1795330009109120,NULL,'["bo%"]',X'7B226E223A32362C22C3A9223A22625F227D');
INSERT INTO "record" VALUES('main','\','relationship',74,1795330009127222,NULL,'["''", "\\", "Ana"]',X'7B226E223A32382C22C3A9223A225C227D');
INSERT INTO "record" VALUES('other','ana','person',1,1795330009133859,NULL,'["\u03a9"]',X'7B226E223A332C22C3A9223A22616E61227D');
INSERT INTO "record" VALUES('other','ana','setting',2,1795330009133859,1773064800000000,'["''"]',X'7B226E223A332C22C3A9223A22616E61227D');
INSERT INTO "record" VALUES('other','bo%','setting',3,1795330009133859,NULL,'[]',NULL);
INSERT INTO "record" VALUES('other','a b','person',4,1795330009133859,NULL,'["''"]',X'7B226E223A332C22C3A9223A22612062227D');
CREATE TABLE vector (
	programme TEXT NOT NULL, 
	model TEXT NOT NULL, 
	"key" BLOB NOT NULL, 
	vector BLOB NOT NULL, 
	truncated BOOLEAN NOT NULL, 
	PRIMARY KEY (programme, model, "key")
);
INSERT INTO "vector" VALUES('main','words',X'0707070707070707070707070707070707070707070707070707070707070707',X'011D5DBF37407A3F51198BBE40E117BE0313B83F48413FBFF604C1BE38CBA3BF',0);
INSERT INTO "vector" VALUES('main','w''',X'0303030303030303030303030303030303030303030303030303030303030303',X'C662373F0FC4ACBE1591933F2827573F3888643E3EC87C3E18A3E53E5ABA8ABD',0);
CREATE UNIQUE INDEX record_generation ON record (programme, generation);
CREATE INDEX record_kind ON record (programme, kind, generation);
CREATE INDEX record_expires ON record (programme, expires_at);
CREATE INDEX involvement_person ON involvement (programme, person);
CREATE TRIGGER audit_keeps_lines BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the record of events is added to, never changed'); END;
CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the record of events is added to, never changed'); END;
COMMIT;
