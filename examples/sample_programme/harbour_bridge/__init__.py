"""The material and the writers behind the sample programme "Harbour Bridge". Nobody in it exists."""
