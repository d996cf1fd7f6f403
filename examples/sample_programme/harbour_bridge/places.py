"""The ports of the programme: time zones, countries, rough coordinates of districts, and a geohash encoder."""

from __future__ import annotations

from dataclasses import dataclass

_BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"

CITIES: dict[str, tuple[str, str]] = {
    "Bristol": ("GB", "Europe/London"),
    "Isle of Skye": ("GB", "Europe/London"),
    "Hamburg": ("DE", "Europe/Berlin"),
    "Baltimore": ("US", "America/New_York"),
    "Santos": ("BR", "America/Sao_Paulo"),
    "Mombasa": ("KE", "Africa/Nairobi"),
    "Kochi": ("IN", "Asia/Kolkata"),
    "Izmir": ("TR", "Europe/Istanbul"),
    "Odesa": ("UA", "Europe/Kyiv"),
    "Marseille": ("FR", "Europe/Paris"),
    "Valencia": ("ES", "Europe/Madrid"),
    "Auckland": ("NZ", "Pacific/Auckland"),
    "online": ("", "Europe/London"),
}
"""Country and IANA time zone of each city; what meets online keeps London time."""

COORDINATES: dict[str, tuple[float, float]] = {
    "Bristol/Avonmouth": (51.500, -2.699), "Bristol/Bedminster": (51.440, -2.597),
    "Bristol/Bishopston": (51.478, -2.589), "Bristol/Brislington": (51.433, -2.545),
    "Bristol/Clifton": (51.456, -2.618), "Bristol/Easton": (51.465, -2.562),
    "Bristol/Fishponds": (51.480, -2.526), "Bristol/Gloucester Road": (51.480, -2.588),
    "Bristol/Hartcliffe": (51.406, -2.599), "Bristol/Henbury": (51.506, -2.632),
    "Bristol/Horfield": (51.490, -2.584), "Bristol/Hotwells": (51.449, -2.614),
    "Bristol/Kingsdown": (51.462, -2.594), "Bristol/Kingswood": (51.461, -2.505),
    "Bristol/Knowle": (51.427, -2.576), "Bristol/Lawrence Hill": (51.458, -2.566),
    "Bristol/Montpelier": (51.468, -2.587), "Bristol/Old Market": (51.456, -2.583),
    "Bristol/Redfield": (51.459, -2.552), "Bristol/Southmead": (51.498, -2.598),
    "Bristol/Southville": (51.443, -2.606), "Bristol/St Pauls": (51.464, -2.583),
    "Bristol/Stokes Croft": (51.463, -2.590), "Bristol/Totterdown": (51.440, -2.578),
    "Hamburg/Altona": (53.550, 9.935), "Hamburg/Barmbek": (53.587, 10.045), "Hamburg/Billstedt": (53.541, 10.107),
    "Hamburg/Eimsbüttel": (53.574, 9.956), "Hamburg/Harburg": (53.460, 9.983), "Hamburg/Mitte": (53.551, 10.001),
    "Hamburg/Ottensen": (53.554, 9.920), "Hamburg/St. Pauli": (53.554, 9.963), "Hamburg/Veddel": (53.523, 10.030),
    "Hamburg/Wilhelmsburg": (53.498, 10.005),
    "Baltimore/Canton": (39.282, -76.573), "Baltimore/Charles Village": (39.324, -76.617),
    "Baltimore/Cherry Hill": (39.250, -76.625), "Baltimore/Fells Point": (39.283, -76.592),
    "Baltimore/Hampden": (39.331, -76.635), "Baltimore/Highlandtown": (39.287, -76.567),
    "Baltimore/Mount Vernon": (39.297, -76.616), "Baltimore/Remington": (39.318, -76.622),
    "Baltimore/Waverly": (39.329, -76.608),
    "Santos/Boqueirão": (-23.963, -46.324), "Santos/Embaré": (-23.970, -46.317), "Santos/Gonzaga": (-23.966, -46.333),
    "Santos/Macuco": (-23.952, -46.317), "Santos/Ponta da Praia": (-23.984, -46.300),
    "Santos/Vila Mathias": (-23.946, -46.329),
    "Mombasa/Kizingo": (-4.074, 39.670), "Mombasa/Likoni": (-4.089, 39.660), "Mombasa/Nyali": (-4.030, 39.701),
    "Mombasa/Old Town": (-4.062, 39.676), "Mombasa/Tudor": (-4.037, 39.665),
    "Kochi/Fort Kochi": (9.965, 76.242), "Kochi/Kakkanad": (10.016, 76.342), "Kochi/Mattancherry": (9.958, 76.259),
    "Kochi/Vypin": (9.986, 76.228), "Kochi/Willingdon Island": (9.953, 76.268),
    "Izmir": (38.424, 27.143), "Odesa": (46.482, 30.723), "Marseille": (43.296, 5.370), "Valencia": (39.470, -0.376),
    "Auckland": (-36.850, 174.764), "Isle of Skye": (57.412, -6.196),
}  # fmt: skip
"""Rough middle of each district, to about a kilometre: nobody lives at a point."""


@dataclass(frozen=True)
class Spot:
    """A coarse place as the forms ask for it."""

    city: str
    area: str
    country: str
    time_zone: str
    geohash: str


def spot(place: str) -> Spot:
    """Look up `City/District` or `City`."""
    city, _, area = place.partition("/")
    country, zone = CITIES[city]
    cell = geohash(*COORDINATES[place], 5) if place in COORDINATES else ""
    return Spot(city, area, country, zone, cell)


def geohash(latitude: float, longitude: float, length: int) -> str:
    """Encode a position as a geohash of the given length."""
    low, high = [-90.0, -180.0], [90.0, 180.0]
    position, value, bits, text = (latitude, longitude), 0, 0, ""
    axis = 1
    while len(text) < length:
        middle = (low[axis] + high[axis]) / 2
        upper = position[axis] >= middle
        (low if upper else high)[axis] = middle
        value, bits, axis = value * 2 + upper, bits + 1, 1 - axis
        if bits == 5:
            text, value, bits = text + _BASE32[value], 0, 0
    return text
