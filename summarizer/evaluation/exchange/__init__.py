"""Exchange: suites as files that other labelling tools read and write."""
