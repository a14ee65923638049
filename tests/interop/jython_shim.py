"""What Jython 2.7.3 needs before gdata 2.0.18 works on it. Import it first.

* The tlslite inside gdata has its own paths for Jython, of Jython 2.1 and Java 1.4, which no longer work;
  those for CPython do, so it is told that this is not Java while it is imported.
* Debian's Jython has no Xerces, which its XML parser wants; Java's own is the same one under another name.
"""

import os
import xml.parsers.expat

_name, os.name = os.name, "posix"
try:
    import gdata.tlslite.utils.cryptomath  # noqa: F401
    import gdata.tlslite.utils.keyfactory  # noqa: F401
finally:
    os.name = _name

xml.parsers.expat._mangled_xerces_parser_name = "com.sun.org.apache.xerces.internal.parsers.SAXParser"
