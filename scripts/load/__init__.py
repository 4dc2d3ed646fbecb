"""The mock under load: Locust sends, and the mock is measured."""
