"""Fills the benchmark's database: the schematic Haizhu, and an account whose token it prints."""

import json

import django

if __name__ == "__main__":
    django.setup()

    from django.db import connection
    from rest_framework.authtoken.models import Token

    from fixtures.haizhu.fabric import build_fabric
    from grids.models import User
    from tests.factories.areas import put_fabric_in_force

    put_fabric_in_force(build_fabric())
    user = User.objects.create_user("benchmark", name="benchmark")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"token": Token.objects.create(user=user).key}))
