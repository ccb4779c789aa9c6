"""The mediation network: bodies, mediators and their trainings, kept, listed, imported and exported."""
