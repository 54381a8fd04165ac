/// What the reader of workbooks runs: openpyxl, which Debian keeps, in a process of its own with bounded memory and time.
///
/// The workbook comes on standard input, with the limits as arguments; JSON lines go to standard output: an array for each
/// row, a dictionary for each sheet before its rows, and one at the end, without which the answer is not whole. A file that is
/// refused is one dictionary with `refused`. (Its imports are all `from … import`: a line that begins with `import` is taken for one of
/// this file by the test of the modules.)
let readerScript = #"""
    from io import BytesIO
    from json import dumps
    from resource import RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, setrlimit
    from sys import argv, exit, stdin, stdout

    memory, seconds, unpacked, cells = (int(word) for word in argv[1:5])
    setrlimit(RLIMIT_AS, (memory, memory))
    setrlimit(RLIMIT_CPU, (seconds, seconds + 1))
    setrlimit(RLIMIT_CORE, (0, 0))


    def say(thing):
        stdout.write(dumps(thing, ensure_ascii=True, separators=(",", ":")) + "\n")


    def refuse(code, what=""):
        say({"refused": code, "what": what})
        stdout.flush()
        exit(0)


    # All of it first: who sends must not be left with a closed pipe.
    data = BytesIO(stdin.buffer.read())
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        refuse("missing")
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal
    from warnings import simplefilter
    from zipfile import BadZipFile, ZipFile

    simplefilter("ignore")
    try:
        package = ZipFile(data)
        parts = package.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        refuse("broken", str(error))
    # Before anything is unpacked: the table of contents tells how large it gets. What lies about its size is cut there and
    # then fails its checksum.
    total = sum(part.file_size for part in parts)
    if total > unpacked:
        refuse("bomb", str(total))
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        refuse("password")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        refuse("macros")
    if "[Content_Types].xml" not in names:
        refuse("kind", "opendocument" if "mimetype" in names else "zip")
    try:
        types = package.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            refuse("macros")
        # No part of a workbook declares a document type; one that does is made to grow when it is read.
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as file:
                    if b"<!DOCTYPE" in file.read(8192):
                        refuse("broken", part.filename + " declares a document type")
        book = load_workbook(data, keep_vba=False, data_only=False, keep_links=False)
    except MemoryError:
        refuse("memory")
    except SystemExit:
        raise
    except Exception as error:
        refuse("broken", type(error).__name__ + ": " + str(error)[:200])


    def number(value):
        plain = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
        if not plain.is_finite() or plain.adjusted() > 300:
            return None
        text = format(plain, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


    def typed(cell):
        value = cell.value
        if cell.data_type == "f":
            return ["f", str(getattr(value, "text", value))]
        if cell.data_type == "e":
            return ["e", str(value)]
        if isinstance(value, bool):
            return ["b", value]
        if isinstance(value, (int, float)):
            text = number(value)
            if text is None:
                return ["e", "#NUM!"]
            return ["p" if "%" in (cell.number_format or "") else "n", text]
        if isinstance(value, datetime):
            if value.time() == time():
                return ["d", value.date().isoformat()]
            return ["d", value.isoformat(timespec="seconds")]
        if isinstance(value, (date, time, timedelta)):
            return ["d", str(value)]
        # Excel's way to write a CR, which text pasted from elsewhere brings before its line ends.
        text = str(value).replace("_x000D_\n", "\n")
        return ["s", text] if text else None


    filled = 0
    try:
        for sheet in book.worksheets:
            say({
                "sheet": sheet.title, "hidden": sheet.sheet_state != "visible",
                "merged": [[r.min_row, r.max_row, r.min_col, r.max_col] for r in sheet.merged_cells.ranges],
            })
            # Not iter_rows(), which makes each cell up to the last one: a mark in XFD1048576 would cost 17 billion.
            at, row = None, []
            for (line, column), cell in sorted(sheet._cells.items()):
                what = typed(cell) if cell.value is not None else None
                if what is None:
                    continue
                if line != at:
                    if row:
                        say([at] + row)
                    at, row = line, []
                row.append([column] + what)
                filled += 1
                if filled > cells:
                    refuse("cells", str(cells))
            if row:
                say([at] + row)
    except MemoryError:
        refuse("memory")
    say({"end": filled})
    """#
