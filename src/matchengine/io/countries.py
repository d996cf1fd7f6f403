"""Country names as people write them, and their ISO 3166-1 codes."""

from __future__ import annotations

from functools import cache

from matchengine.io.words import normalise

__all__ = ["COUNTRY_CODES", "country_names"]

_TABLE = """\
AD Andorra | AE United Arab Emirates | AF Afghanistan | AG Antigua & Barbuda | AI Anguilla | AL Albania |
AM Armenia | AO Angola | AQ Antarctica | AR Argentina | AS American Samoa | AT Austria/Österreich |
AU Australia | AW Aruba | AX Åland Islands | AZ Azerbaijan | BA Bosnia & Herzegovina | BB Barbados |
BD Bangladesh | BE Belgium/Belgique/België | BF Burkina Faso | BG Bulgaria | BH Bahrain | BI Burundi |
BJ Benin | BL St Barthelemy | BM Bermuda | BN Brunei | BO Bolivia | BQ Caribbean Netherlands |
BR Brazil/Brasil | BS Bahamas | BT Bhutan | BV Bouvet Island | BW Botswana | BY Belarus | BZ Belize |
CA Canada | CC Cocos (Keeling) Islands | CD Congo Kinshasa/Democratic Republic of the Congo/DRC |
CF Central African Republic | CG Congo Brazzaville/Republic of the Congo |
CH Switzerland/Schweiz/Suisse/Svizzera | CI Côte d'Ivoire/Ivory Coast | CK Cook Islands | CL Chile |
CM Cameroon | CN China/中国 | CO Colombia | CR Costa Rica | CU Cuba | CV Cape Verde/Cabo Verde | CW Curaçao |
CX Christmas Island | CY Cyprus | CZ Czech Republic/Czechia | DE Germany/Deutschland/Alemania/Allemagne |
DJ Djibouti | DK Denmark/Danmark | DM Dominica | DO Dominican Republic | DZ Algeria | EC Ecuador |
EE Estonia | EG Egypt/مصر | EH Western Sahara | ER Eritrea | ES Spain/España | ET Ethiopia |
FI Finland/Suomi | FJ Fiji | FK Falkland Islands | FM Micronesia | FO Faroe Islands |
FR France/Frankreich/Francia | GA Gabon |
GB United Kingdom/UK/Great Britain/England/Scotland/Wales/Northern Ireland | GD Grenada | GE Georgia |
GF French Guiana | GG Guernsey | GH Ghana | GI Gibraltar | GL Greenland | GM Gambia | GN Guinea |
GP Guadeloupe | GQ Equatorial Guinea | GR Greece/Hellas/Ελλάδα |
GS South Georgia & the South Sandwich Islands | GT Guatemala | GU Guam | GW Guinea-Bissau | GY Guyana |
HK Hong Kong/香港 | HM Heard Island & McDonald Islands | HN Honduras | HR Croatia | HT Haiti |
HU Hungary/Magyarország | ID Indonesia | IE Ireland/Republic of Ireland/Éire | IL Israel | IM Isle of Man |
IN India/Bharat | IO British Indian Ocean Territory | IQ Iraq | IR Iran | IS Iceland | IT Italy/Italia |
JE Jersey | JM Jamaica | JO Jordan | JP Japan/日本 | KE Kenya | KG Kyrgyzstan | KH Cambodia | KI Kiribati |
KM Comoros | KN St Kitts & Nevis | KP Korea North/North Korea | KR Korea South/South Korea/Korea/한국 |
KW Kuwait | KY Cayman Islands | KZ Kazakhstan | LA Laos | LB Lebanon | LC St Lucia | LI Liechtenstein |
LK Sri Lanka | LR Liberia | LS Lesotho | LT Lithuania | LU Luxembourg | LV Latvia | LY Libya | MA Morocco |
MC Monaco | MD Moldova | ME Montenegro | MF Saint Martin | MG Madagascar | MH Marshall Islands |
MK North Macedonia/Macedonia | ML Mali | MM Burma/Myanmar | MN Mongolia | MO Macau |
MP Northern Mariana Islands | MQ Martinique | MR Mauritania | MS Montserrat | MT Malta | MU Mauritius |
MV Maldives | MW Malawi | MX Mexico/México | MY Malaysia | MZ Mozambique | NA Namibia | NC New Caledonia |
NE Niger | NF Norfolk Island | NG Nigeria | NI Nicaragua |
NL Netherlands/Nederland/The Netherlands/Holland | NO Norway/Norge | NP Nepal | NR Nauru | NU Niue |
NZ New Zealand | OM Oman | PA Panama | PE Peru | PF French Polynesia | PG Papua New Guinea |
PH Philippines | PK Pakistan | PL Poland/Polska | PM St Pierre & Miquelon | PN Pitcairn | PR Puerto Rico |
PS Palestine/State of Palestine | PT Portugal | PW Palau | PY Paraguay | QA Qatar | RE Réunion |
RO Romania/România | RS Serbia | RU Russia/Russian Federation | RW Rwanda | SA Saudi Arabia/السعودية |
SB Solomon Islands | SC Seychelles | SD Sudan | SE Sweden/Sverige | SG Singapore | SH St Helena |
SI Slovenia | SJ Svalbard & Jan Mayen | SK Slovakia | SL Sierra Leone | SM San Marino | SN Senegal |
SO Somalia | SR Suriname | SS South Sudan | ST Sao Tome & Principe | SV El Salvador | SX Sint Maarten |
SY Syria | SZ Swaziland/Eswatini | TC Turks & Caicos Islands | TD Chad | TF French Southern Territories |
TG Togo | TH Thailand | TJ Tajikistan | TK Tokelau | TL East Timor/Timor Leste | TM Turkmenistan |
TN Tunisia | TO Tonga | TR Turkey/Türkiye | TT Trinidad & Tobago | TV Tuvalu | TW Taiwan/台灣 | TZ Tanzania |
UA Ukraine/Україна | UG Uganda | UM US Minor Outlying Islands |
US United States/USA/United States of America/U.S./U.S.A./Estados Unidos | UY Uruguay | UZ Uzbekistan |
VA Vatican City/Holy See | VC St Vincent | VE Venezuela | VG British Virgin Islands |
VI US Virgin Islands | VN Vietnam/Viet Nam | VU Vanuatu | WF Wallis & Futuna | WS Samoa | YE Yemen |
YT Mayotte | ZA South Africa | ZM Zambia | ZW Zimbabwe
"""

_ROWS = tuple(entry.strip().partition(" ") for entry in _TABLE.replace("\n", " ").split(" | "))
COUNTRY_CODES: frozenset[str] = frozenset(code for code, _, _ in _ROWS)
"""All ISO 3166-1 alpha-2 codes."""


@cache
def country_names() -> dict[str, str]:
    """Return normalised country names, English and some local ones, with their codes."""
    names = [(name, code) for code, _, known in _ROWS for name in known.split("/")]
    names += [(name.replace("&", "and"), code) for name, code in names if "&" in name]
    return {normalise(name): code for name, code in names}
