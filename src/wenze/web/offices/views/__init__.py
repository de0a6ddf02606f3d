"""What a browser is shown of accounts, of units and their people, and of staff."""
