"""Where people look: pictures, the command line, the explorer. They ask values and know no formula."""
