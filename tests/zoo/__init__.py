"""Small documents, one idea each, and the tests of runs by them."""
