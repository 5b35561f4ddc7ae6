"""The formats of text: how each is told, and the module that reads it.

A format is told by its landmarks, so its module is imported only for a text that has one of them: a short run needs one
or two of twenty formats. Each module has a function `read`, from a text to what the format understood of it.
"""

from triage.text.clr_words import OTHER_WORDS
from triage.text.format import Deferred, Format
from triage.text.stop_foreign import LABELS as STOP_LABELS
from triage.text.stop_foreign import SCREENS as STOP_SCREENS
from triage.text.stop_names import NAMES as STOP_NAMES

DRWATSON = Format(
    name="drwatson",
    landmarks=(
        "application exception occ",
        "exception number",
        "state dump for thread",
        "fault ->",
        "stack back trace",
        "failure report",
        "had a '",
        *("anwendungsausnahme", "ausnahmenummer", "statusabbild", "fehler ->", "faute ->", "błąd ->"),
    ),
    read=Deferred("triage.formats.drwatson"),
)

EVENTS = Format(
    name="eventlog",
    landmarks=(
        "event id",
        "eventid",
        *("<eventdata", "eventdata&gt;", "appname "),
        "event-id",
        "event source",
        "\nsource:",
        "\nsource :",
        "providername",
        "faulting ",
        "fault bucket",
        "framework version",
        "v4.0.30319",
        "rebooted from a bugcheck",
        "schwerwiegenden fehler",
        "vérification d",
        "comprobación de errores",
        "критической ошибки",
        "检测错误",
        "錯誤檢查",
        "バグチェック",
        "coreclr version",
        *("process was terminated due to", "80131506"),
        "hanging application",
        *("generated an app", ", generated an"),
        *(
            "stopped interacting",
            "unter windows ausgeführt",
            "d'interagir avec windows",
            "d\u2019interagir avec windows",
        ),
        *("interactuar con windows", "interazione con windows", "interagir com o windows", "прекратила взаимодействие"),
        *("z systemem windows", "windows 交互", "windows 互動", "との対話を停止し", "상호 작용을 중지하고"),
        *("service terminated unexp", "unerwartet beendet", "s'est terminé", "s\u2019est terminé", "manera inesperada"),
        *("terminó inesperadamente", "in modo imprevisto", "inesperadamente", "неожиданно", "niespodziewanie"),
        *("is onverwacht", "意外地终止", "意外终止", "意外終止", "予期せぬ原因", "예기치 않게"),
        *("without cleanly shutting", "ordnungsgemäß heruntergefahren", "système a redémarré", "sin apagarse"),
        *("senza un arresto", "desligado corretamente", "система перезагрузилась", "czystego zamknięcia"),
        *("先正常关机", "先正常關機", "する前に再起動", "시스템을 먼저"),
        *("controllo errori", "verificação de erros", "application popup:", "eventcode", "évènement"),
        *("fehlgeschlagene anwendung", "имя приложени", "ошибка приложения", "错误应用程序", "アプリケーション"),
        *("애플리케이션", "generato l\u2019errore", "felet uppstod", "navn på program", "chybující", "uygulama ad"),
        *("hibás alkalmazás", "händelse-id", "hændelses-id", "hendelses-id", "id události", "olay kimliği"),
        "eseményazonosító",
        "\terror\t",
        "\twarning\t",
        "\tinformation\t",
        "  n/a  ",
        "\tn/a\t",
        *(
            "fehler\t",
            "warnung\t",
            "kritisch\t",
            "erreur\t",
            "avertissement\t",
            "critique\t",
            "ошибка\t",
            "критический\t",
        ),
        *("错误\t", "警告\t", "エラー\t", "errore\t", "avviso\t", "błąd\t", "fout\t", "waarschuwing\t", "오류\t"),
        ",error,",
        ",warning,",
        ",information,",
        "ereignis",
        "fehlerhaft",
        "événement",
        "défaillant",
        "событи",
        "сбойного",
        "事件",
        "应用程序名称",
        "應用程式名稱",
        "イベント",
        "アプリケーション名",
        "이벤트",
        "응용 프로그램",
        "evento",
        "suceso",
        "aplicación con errores",
        "ha generato l'errore",
        "com falha",
        "zdarzeni",
        "powodującej",
        "gebeurtenis",
        "met fout",
    ),
    read=Deferred("triage.formats.events"),
)

CITED = Format(
    name="cited-event",
    landmarks=(*(f"event {digit}" for digit in "123456789"), *(f"event: {digit}" for digit in "123456789")),
    read=Deferred("triage.formats.cited"),
)

DEBUGGER = Format(
    name="windbg",
    landmarks=(
        "modload:",
        "- code ",
        "chance",
        "violation",
        "exception",
        "bugcheck",
        "bug check",
        "overrun encountered",
        *("arg1:", "failure.bucket", "_image_"),
        "system error",
        "faulting_ip",
        "module_name",
        "process_name",
        "symbol_name",
        "probably caused by",
        "stack",
        *("retaddr", "call site"),
        "frameptr",
        "os thread id",
        "thread id         ",
        "child",
        "+0x",
        "(fpo",
        "function name",
        *(".exe!", ".dll!"),
        "<nosymbols>",
        "module name",
        "(deferred)",
        " symbols)",
        "reproducible build",
        "unloaded modules",
        *(
            "list of loaded modules",
            "loaded modules :",
            "loaded modules:",
            "base address  ",
            ", loaded at 0x",
            "module path",
            " prod=v",
            "h  size:",
            " base address: 0x",
            " ==> ",
            "os: windows ",
        ),
        "crash reason",
        "kernel version",
        "debug session time",
        "service pack",
        "built by:",
        "ntsd:",
        "cdb:",
        "kd:",
        ": 0x8",
        ": 0xc",
        ":\t0xc",
        *("to a virtual address", "虚拟地址"),
        "\uff1a0xc",
        ": 0xe",
        ". 0xc",
    ),
    read=Deferred("triage.formats.debugger"),
)

STOPSCREEN = Format(
    name="stop",
    landmarks=(
        "stop:",
        "stop 0",
        "stop c0",
        *(f"stop{code}:" for code in ("a", "0a", "1e", "24", "2e", "50", "7a", "7b", "7f", "8e", "d1")),
        "stop code",
        "stop error",
        "stop message",
        "stpo",
        "stoop",
        "system error}",
        "bugcheck",
        "bug check",
        "bsod",
        "blue screen",
        "bluescreen",
        "for this error:",
        "them this info:",
        *STOP_LABELS,
        *STOP_SCREENS,
        *(name[:31] for name in STOP_NAMES),
    ),
    read=Deferred("triage.formats.stopscreen"),
)

FAULTS = Format(
    name="fault",
    landmarks=(
        *("zugriffsverletzung", "violation d", "violación de acceso", "violazione di accesso", "violação de acesso"),
        *(
            "нарушение доступа",
            "違反",
            "anweisung in",
            "instruction à",
            "instrucción en",
            "istruzione a",
            "instrução no",
        ),
        *("ausnahme", "excepción", "eccezione", "exceção", "excepção", "исключение", "wyjątek", "výjimka"),
        *("uitzondering", "undantag", "özel durum", "异常", "例外", "예외"),
        *("инструкция по адресу", "instrukcja spod", "instructie op", "指令引用", "の命令が", "명령이"),
        *("gestartet werden (0x", "démarrer correctement", "iniciar correctamente", "avviare correttamente"),
        *("inicializado corretamente", "запуске приложения", "właściwie uruchomiona", "niet juist starten"),
        *("olarak başlat\u0131lamad\u0131", "správně spustit", "无法正常启动", "無法正確啟動"),
        *("正しく起動", "시작하지 못했"),
        " fault",
        "caused ",
        *("instruction at", "instruction 0x", "instruction refer", "0x%p"),
        " in module",
        " in vxd ",
        "illegal op",
        "exception",
        "application error",
        "violation",
        "run-time error",
        "runtime error",
        "assertion failed!",
        "unable to start correctly",
        "failed to initialize properly",
        "dx1020",
    ),
    read=Deferred("triage.formats.faults"),
)

WER = Format(
    name="wer",
    landmarks=(
        "eventtype",
        "loadedmodule[",
        "sig[",
        "osinfo[",
        "<matching_file ",
        "appcrash",
        "bex64",
        ": bex",
        "\tbex",
        "clr20r3",
        "apphang",
        "bluescreen",
        "livekernelevent",
        "inpageerror",
        "appname:",
        "appname :",
        "bccode",
    ),
    read=Deferred("triage.formats.wer"),
)

WINE = Format(
    name="winedbg",
    landmarks=("nhandled exception: ", "wine: un", "backtrace (may be wrong)", "=>0 0x", "nhandled exception code "),
    read=Deferred("triage.formats.wine"),
)

CRASHLOGGER = Format(
    name="crash-logger",
    landmarks=(
        'nhandled exception "',
        "nhandled exception exception_",
        "nhandled exception at 0x",
        "native exception occurred at",
        "netscriptframework",
        # What stands between the head of a long report and its modules
        "(size_t)",
        "\nmodules:",
        "\nplugins:",
    ),
    read=Deferred("triage.formats.crashlogger"),
)

WOWERROR = Format(name="blizzard", landmarks=("error #", "dbg-module<"), read=Deferred("triage.formats.wowerror"))

UNITY = Format(
    name="unity",
    landmarks=(
        "crash!!!",
        "outputting stack trace",
        "end of stacktrace",
        "(function-name not available)",
        "native crash reporting",
        "[version: unity",
        ", run by ",
        "\n  in module ",
        "syminit: symbol",
        "\nimage base: 0x",
    ),
    read=Deferred("triage.formats.unity"),
)

UNREAL = Format(
    name="unreal",
    landmarks=(
        "nhandled exception: ",
        "lowlevelfatalerror",
        "assertion failed: ",
        "fatal error: ",
        "<fgenericcrashcontext",
        "second chance not available",
        "[callstack] 0x",
    ),
    read=Deferred("triage.formats.unreal"),
)

JAVA = Format(
    name="java",
    landmarks=("java runtime environment", "problematic frame", " at pc=0x", "dynamic libraries:"),
    read=Deferred("triage.formats.java"),
)

MADEXCEPT = Format(
    name="madexcept",
    landmarks=("madexcept", "exception class ", "main thread ($"),
    read=Deferred("triage.formats.madexcept"),
)

EUREKALOG = Format(
    name="eurekalog", landmarks=("eurekalog ", "call stack information"), read=Deferred("triage.formats.eurekalog")
)

JCLDEBUG = Format(
    name="jcldebug",
    landmarks=("exception class: ", ".exe }", ".dll }", ".bpl }", ".exe} ", ".dll} ", ".bpl} ", ".exe  }", ".bpl  }"),
    read=Deferred("triage.formats.jcldebug"),
)

DOTNET = Format(
    name="dotnet",
    landmarks=(
        "nhandled exception. ",
        "nhandled exception: ",
        "fatal error. ",
        "internal clr error. (",
        "process terminated. ",
        "stack overflow.",
        "stackoverflowexception.",
        "exception object: ",
        "exception text",
        *("loaded assemblies", "exception of type '", "exception occurred in "),
        "system.accessviolationexception",
        *OTHER_WORDS,
    ),
    read=Deferred("triage.formats.clr"),
)

PROCDUMP = Format(
    name="procdump", landmarks=("procdump", "] exception: ", "] unhandled: "), read=Deferred("triage.formats.procdump")
)

VISUALSTUDIO = Format(
    name="visual-studio",
    landmarks=("loaded '", ": 已加载", ": 已載入", "has exited with code ", "[external code]", ".exe!", ".dll!"),
    read=Deferred("triage.formats.visualstudio"),
)

LAZARUS = Format(
    name="lazarus",
    landmarks=(
        "exception class ",
        "exception: class: ",
        "exception occurred at $",
        *("exception access violation", "exception=access violation"),
        "runtime error 2",
        "eaccessviolation",
    ),
    read=Deferred("triage.formats.lazarus"),
)

BLUESCREENS = Format(
    name="bluescreens",
    landmarks=("bug check code", "bugcheck code:", "bugcheck code :", ".dmp"),
    read=Deferred("triage.formats.bluescreens"),
)

CITIZENFX = Format(
    name="citizenfx",
    landmarks=("crash signature: ", "crash hash", "signature du crash", "hachage de crash"),
    read=Deferred("triage.formats.citizenfx"),
)

HANDLERS = Format(
    name="crash-handler",
    landmarks=(
        *(
            "code: c0000",
            "code: 0xc",
            "code: 0xe",
            "exception code: 0x8",
            "code = 0xc",
            "code=0xc",
            "code : 0xc",
            "code: e06d",
            "code    ",
        ),
        *(
            "error: 0xc0000",
            "exception: 0xc",
            "exception: 0x8",
            "exception: c0000",
            "exception 0xc0000",
            "exception 0xe04343",
            "exception c0000",
            "exception_access_violation",
        ),
        *("exception : exception_", "exception: exception_", "reason: exception_", "reason: 0xc", "type: exception_"),
        *(" - status_", " = status_", " - exception_", " = exception_"),
        *("raised: exception_", "fault address:", "(0xc000", "(c0000005)", "(0x80000003)", "(0xe06d7363)", " caught!"),
        *(
            "code: access_violation",
            "received fatal exception",
            "code: 80000003",
            "exceptioncode",
            *("dumping registers:", "dumping modules:"),
            "attempted to read from: 0x",
            "attempted to write to: 0x",
            "fatal type:  exception_",
            "exception.exception_code: ",
            "exception (code ",
            *(
                "exception #:",
                "attempt to address 0x",
                "h, flags: ",
                ":ntstatus]",
                "访问冲突",
                "code: 0x8",
                "access_violation at ",
            ),
            *(
                "caught exception c0",
                "caught exception e0",
                "windows error 0xc",
                "(code: 0x",
                "excode 0x",
                "0xc0000005 (access",
                "exception code 0xc",
            ),
        ),
    ),
    read=Deferred("triage.formats.handlers"),
)

GOLANG = Format(
    name="go", landmarks=("exception 0xc", "exception 0x8", "[signal 0xc"), read=Deferred("triage.formats.golang")
)

GDB = Format(
    name="gdb", landmarks=("received signal", "create_child: ", ", exception c0"), read=Deferred("triage.formats.gdb")
)

LLDB = Format(
    name="lldb", landmarks=("stop reason = exception", "exception: exception 0x"), read=Deferred("triage.formats.lldb")
)

MATLAB = Format(name="matlab", landmarks=("abnormal termination:", "matlab"), read=Deferred("triage.formats.matlab"))

QGIS = Format(name="qgis", landmarks=("kernel type: ", "qgis"), read=Deferred("triage.formats.qgis"))

SENTRY = Format(name="sentry", landmarks=("fatal error: ",), read=Deferred("triage.formats.sentry"))

STACKWALKER = Format(
    name="stackwalker",
    landmarks=("received sigsegv", "(filename not available): ", "(filename not available) (", ".cpp (", ".cpp("),
    read=Deferred("triage.formats.stackwalker"),
)

SIGNALS = Format(
    name="signal", landmarks=("message: sig", "crashhandlerexception: "), read=Deferred("triage.formats.signals")
)

TRACES = Format(
    name="program-trace",
    landmarks=(
        "-- c level backtrace",
        "*** unhandled exception ",
        *("iolation:(", "verflow:(", "nstruction:(", "by zero:("),
        " eip = 0x",
        " rip = 0x",
        *(" byte(s)", "addrpc ", ".cpp line ", "h), symbol: "),
        *("forrtl: ", "exception at eip=", "exception at rip=", " in generated code when ", "code address"),
        *("exception: status_", "object.error", "faultingmodulepath", "| exceptioncode.", "base address: 0x"),
        "addresssanitizer: ",
    ),
    read=Deferred("triage.formats.traces"),
)

HISTORY = Format(
    name="unreal-history",
    landmarks=("general protection fault!", "history: ", "bytes) at address "),
    read=Deferred("triage.formats.history"),
)

EXITCODES = Format(
    name="exit-code",
    landmarks=(
        *(
            "-10736",
            "-10737",
            "1073741",
            "32212",
            "-5324",
            "-52969",
            "3765269347",
            "376250",
            "-21474836",
            "-2146233082",
        ),
        *(
            "214748365",
            "2148734214",
            "322836902",
            "-106659827",
            "-805306369",
            "3489660927",
            "terminated by exception",
            "seh exception with code",
            "exit code",
            "exit_code",
            "exitcode",
            "exit status",
            "exited with",
            "return value",
        ),
        *(
            "return code",
            "returned value",
            "退出代码",
            "退出代碼",
            "终止代码",
            "終了コード",
            "code de sortie",
            "código de salida",
        ),
    ),
    read=Deferred("triage.formats.exitcodes"),
)

SPECIALK = Format(name="special-k", landmarks=("<< exception_", "<< status_"), read=Deferred("triage.formats.specialk"))

SMS = Format(name="sms", landmarks=("exception information", "cliexcept"), read=Deferred("triage.formats.sms"))

_DUMPS_AS_JSON = ('"crash_info"', '"json_dump"')

STACKWALK = Format(
    name="stackwalk",
    landmarks=(
        "crash info:",
        "crash reason",
        "frames of crashing thread",
        "operating system:",
        "crashed)",
        "found by: ",
        "loaded modules:",
        "os|",
        *_DUMPS_AS_JSON,
    ),
    documents=_DUMPS_AS_JSON,
    read=Deferred("triage.formats.stackwalk"),
)

FORMATS: tuple[Format, ...] = (
    # A whole document of one shape, with stacks and modules that readers of debugger text would take for theirs.
    STACKWALK,
    DRWATSON,
    # Reports of programs with a handler of their own have words that nothing else has, so they go before the readers
    # that take what looks like theirs.
    WINE,
    JAVA,
    CRASHLOGGER,
    STACKWALKER,
    QGIS,
    SIGNALS,
    UNITY,
    UNREAL,
    WOWERROR,
    SPECIALK,
    MADEXCEPT,
    EUREKALOG,
    JCLDEBUG,
    LAZARUS,
    GOLANG,
    GDB,
    LLDB,
    MATLAB,
    SENTRY,
    PROCDUMP,
    BLUESCREENS,
    CITIZENFX,
    SMS,
    EVENTS,
    CITED,
    WER,
    DOTNET,
    VISUALSTUDIO,
    # Its labels are everybody's, so whoever knows a report better goes first.
    HANDLERS,
    TRACES,
    HISTORY,
    DEBUGGER,
    STOPSCREEN,
    FAULTS,
    # Rows that name nothing but a number; whoever knows the program that prints them goes first.
    EXITCODES,
)
"""In the order in which they read: a format sees what the ones before it did not claim."""
