"""The edition package: one edition as a folder of CSV files, a `.zip` of them, or an `.xlsx` workbook.

`parse_package` reads and checks one, `write_package` writes the canonical form, `package_digest` sums it up. What the
files hold is laid down in `tables`; the typed rows stand in `rows`.
"""

from awards.package.format.digest import package_digest
from awards.package.format.parsing import parse_package, parse_tables
from awards.package.format.problems import PackageProblem, PackageProblems
from awards.package.format.rows import EditionPackage
from awards.package.format.writing import write_package, write_xlsx, write_zip

__all__ = [
    "EditionPackage",
    "PackageProblem",
    "PackageProblems",
    "package_digest",
    "parse_package",
    "parse_tables",
    "write_package",
    "write_xlsx",
    "write_zip",
]
