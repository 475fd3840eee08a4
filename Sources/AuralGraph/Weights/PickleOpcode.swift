/// The opcodes of Python's pickle protocols 2 to 5 that simple dictionaries of tensors are made of.
///
/// Source: the table in CPython's pickletools. Everything else is refused by number.
enum PickleOpcode: UInt8 {
    case proto = 0x80, frame = 0x95, stop = 0x2E
    case mark = 0x28, pop = 0x30, popMark = 0x31, duplicate = 0x32
    case none = 0x4E, newTrue = 0x88, newFalse = 0x89
    case int = 0x4A, int1 = 0x4B, int2 = 0x4D, long1 = 0x8A, long4 = 0x8B, float = 0x47
    case unicode = 0x58, shortUnicode = 0x8C, unicode8 = 0x8D
    case string = 0x54, shortString = 0x55, bytes = 0x42, shortBytes = 0x43, bytes8 = 0x8E
    case emptyTuple = 0x29, tuple = 0x74, tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87
    case emptyList = 0x5D, append = 0x61, appends = 0x65
    case emptyDictionary = 0x7D, setItem = 0x73, setItems = 0x75
    case put = 0x71, longPut = 0x72, memoize = 0x94, get = 0x68, longGet = 0x6A
    case global = 0x63, stackGlobal = 0x93, reduce = 0x52, build = 0x62, persistentID = 0x51
}
