"""Other engines given the same law: each module writes our compiled rules in one engine's language and runs it as its users do."""
