"""``python -m graph_service.cli``."""

import sys

from graph_service.cli.main import main

sys.exit(main())
