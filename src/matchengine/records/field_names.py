"""Plain names of the standard field codes: ISCO-08, NACE Rev. 2, ISCED 2011 and ISCED-F 2013."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matchengine.i18n import N_

__all__ = ["FIELD_NAMES"]

_OCCUPATIONS = {
    "isco:0": N_("Armed forces"),
    "isco:01": N_("Armed forces: commissioned officers"),
    "isco:02": N_("Armed forces: sergeants and similar ranks"),
    "isco:03": N_("Armed forces: other ranks"),
    "isco:1": N_("Management and leadership"),
    "isco:11": N_("Executive leadership and public office"),
    "isco:12": N_("Managing administration and sales"),
    "isco:13": N_("Managing production and specialist services"),
    "isco:14": N_("Managing hotels, restaurants and shops"),
    "isco:2": N_("Academic and expert professions"),
    "isco:21": N_("Science, engineering and architecture"),
    "isco:22": N_("Medicine, nursing and health professions"),
    "isco:23": N_("Teaching"),
    "isco:24": N_("Business, finance and administration"),
    "isco:25": N_("Software and information technology"),
    "isco:26": N_("Law, social sciences and culture"),
    "isco:3": N_("Technical and associate professions"),
    "isco:31": N_("Technical work in science and engineering"),
    "isco:32": N_("Medical technology and assistance"),
    "isco:33": N_("Bookkeeping, brokerage and official services"),
    "isco:34": N_("Legal and social support, sport, creative"),
    "isco:35": N_("IT support, web and broadcasting technology"),
    "isco:4": N_("Office work"),
    "isco:41": N_("Secretarial and general office work"),
    "isco:42": N_("Customer service and information"),
    "isco:43": N_("Accounts, stock and transport records"),
    "isco:44": N_("Other office work"),
    "isco:5": N_("Service and sales work"),
    "isco:51": N_("Hospitality and personal services"),
    "isco:52": N_("Sales"),
    "isco:53": N_("Childcare and personal care"),
    "isco:54": N_("Police, fire and security services"),
    "isco:6": N_("Skilled farming, forestry and fishery work"),
    "isco:61": N_("Farming and gardening"),
    "isco:62": N_("Forestry, fishing and hunting"),
    "isco:63": N_("Farming and fishing for one's own needs"),
    "isco:7": N_("Crafts and trades"),
    "isco:71": N_("Building trades"),
    "isco:72": N_("Metal and machinery trades"),
    "isco:73": N_("Handicraft and printing"),
    "isco:74": N_("Electrical and electronic trades"),
    "isco:75": N_("Food, wood, clothing and related crafts"),
    "isco:8": N_("Machines, assembly and driving"),
    "isco:81": N_("Operating plant and machines"),
    "isco:82": N_("Assembling products"),
    "isco:83": N_("Driving vehicles and mobile machines"),
    "isco:9": N_("Cleaning, manual and helper work"),
    "isco:91": N_("Cleaning and household help"),
    "isco:92": N_("Manual work on farms, in forests and fishing"),
    "isco:93": N_("Manual work in building and industry"),
    "isco:94": N_("Kitchen help and food preparation"),
    "isco:95": N_("Street services and street sales"),
    "isco:96": N_("Waste collection and other manual services"),
}
"""Major and sub-major groups of occupations, ISCO-08."""
_SECTORS = {
    "nace:a": N_("Farms, forests and fisheries"),
    "nace:b": N_("Mines and quarries"),
    "nace:c": N_("Manufacturing industry"),
    "nace:d": N_("Electricity, gas and heat supply"),
    "nace:e": N_("Water supply, sewage and waste"),
    "nace:f": N_("Construction industry"),
    "nace:g": N_("Shops, wholesale and vehicle repair"),
    "nace:h": N_("Transport, logistics and post"),
    "nace:i": N_("Hotels and restaurants"),
    "nace:j": N_("Media, telecoms and computing"),
    "nace:k": N_("Banks and insurance"),
    "nace:l": N_("Real estate"),
    "nace:m": N_("Consulting, research and technical services"),
    "nace:n": N_("Rental, staffing, travel and site services"),
    "nace:o": N_("Government, defence and social security"),
    "nace:p": N_("Schools, universities and training"),
    "nace:q": N_("Health and social care"),
    "nace:r": N_("Arts, sport and leisure"),
    "nace:s": N_("Associations, repairs and personal services"),
    "nace:t": N_("Private households as employers"),
    "nace:u": N_("International organisations"),
}
"""Sections of economic activity, NACE Rev. 2."""
_LEVELS = {
    "isced:0": N_("Before primary school"),
    "isced:1": N_("Primary school"),
    "isced:2": N_("Lower secondary school"),
    "isced:3": N_("Upper secondary school or apprenticeship"),
    "isced:4": N_("Further training after secondary school"),
    "isced:5": N_("Short course of higher education"),
    "isced:6": N_("Bachelor's degree or similar"),
    "isced:7": N_("Master's degree or similar"),
    "isced:8": N_("Doctorate or similar"),
}
"""Levels of education, ISCED 2011."""
_STUDIES = {
    "isced-f:00": N_("Studies: general and basic skills"),
    "isced-f:01": N_("Studies: education and teaching"),
    "isced-f:02": N_("Studies: arts, humanities and languages"),
    "isced-f:03": N_("Studies: social sciences and journalism"),
    "isced-f:04": N_("Studies: business and law"),
    "isced-f:05": N_("Studies: natural sciences and mathematics"),
    "isced-f:06": N_("Studies: computing"),
    "isced-f:07": N_("Studies: engineering, industry and building"),
    "isced-f:08": N_("Studies: farming and animal health"),
    "isced-f:09": N_("Studies: health and social care"),
    "isced-f:10": N_("Studies: services, safety and transport"),
}
"""Broad fields of education and training, ISCED-F 2013."""
FIELD_NAMES: Mapping[str, str] = MappingProxyType(_OCCUPATIONS | _SECTORS | _LEVELS | _STUDIES)
"""English name by code in lower case (`isco:51`, `nace:r`); each name belongs to one code and is said with `_`."""
