"""The page of a result, contract-report/index.html: one file that needs nothing else."""
