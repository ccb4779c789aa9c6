from grids.models.address import Address
from grids.models.area import Area, AreaVersion
from grids.models.duty import Duty
from grids.models.user import User

__all__ = ["Address", "Area", "AreaVersion", "Duty", "User"]
