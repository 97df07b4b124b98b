"""The reference server: the documented APIs, served correctly over one small chat core, with defects to plant."""
