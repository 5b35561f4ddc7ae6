"""Names that decide how a signature is made of a stack, in lower case and normal form (see `signature.plain`).

The three kinds follow Socorro's siggen, which groups the crash reports of Firefox: irrelevant names are left out, a
sentinel throws away what stands above it, and names that tell little by themselves need another after them.
"""

from typing import Final

IRRELEVANT: Final = frozenset(
    """
    dbgbreakpoint dbgbreakpointwithstatus dbguserbreakpoint debugbreak rtlpbreakpointheap
    kebugcheck kebugcheck2 kebugcheckex kibugcheckdebugbreak kibugcheckdispatch
    raiseexception rtlraiseexception rtlraisestatus rtldispatchexception rtlreportexception rtlreportexceptionex
    rtlpexecutehandlerforexception executehandler executehandler2 unhandledexceptionfilter
    rtluserthreadstart baseprocessstart basethreadstart basethreadinitthunk
    kidispatchexception kiraiseuserexceptiondispatcher zwraiseexception ntraiseexception zwraiseharderror
    ntraiseharderror cxxthrowexception cxxunhandledexceptionfilter invoke_watson
    invalid_parameter invalid_parameter_noinfo invalid_parameter_noinfo_noreturn call_reportfault report_gsfailure
    waitforsingleobject waitforsingleobjectex waitformultipleobjects waitformultipleobjectsex msgwaitformultipleobjects
    waitformultipleobjectsexecutehandler ntwaitforsingleobject zwwaitforsingleobject ntwaitformultipleobjects
    zwwaitformultipleobjects ntdelayexecution zwdelayexecution sleep sleepex kifastsystemcall kifastsystemcallret
    kiswapcontext kiswapthread kicommitthreadwait kewaitforsingleobject kewaitformultipleobjects kedelayexecutionthread
    rtlreportfatalfailure rtlreportcriticalfailure raisetheexception raisetheexceptioninternalonly il_throw
    rtlfailfast rtlfailfast2 werpreportfault werpreportfaultinternal terminateprocess ntterminateprocess exitprocess
    zwterminateprocess sharedusersystemcall systemcallstub
""".split()
)
"""Functions that report, raise or wait: they stand on top of every stack and tell none from another."""

SENTINELS: Final = frozenset(
    """
    kiuserexceptiondispatch kiuserexceptiondispatcher kiexceptiondispatch kipagefault kigeneralprotectionfault
    kidivideerrorfault kiinvalidopcodefault kistackfault kitrap00 kitrap01 kitrap03 kitrap06 kitrap08 kitrap0c kitrap0d
    kitrap0e kinmiinterrupt commondispatchexception
""".split()
)
"""Doors through which the system enters when something faults: what faulted stands below them."""

TELL_LITTLE: Final = frozenset(
    """
    memcpy memmove memset memcmp memchr strlen strcpy strcat strcmp strncpy strncmp stricmp strchr strstr sprintf
    vsprintf wcslen wcscpy wcscat wcscmp wcsncpy lstrlen lstrlena lstrlenw lstrcpy lstrcpya lstrcpyw lstrcmpia
    rtlcopymemory rtlmovememory rtlzeromemory rtlfillmemory rtlcomparememory
    malloc calloc realloc free heap_alloc heap_alloc_dbg nh_malloc nh_malloc_dbg free_dbg free_base malloc_base
    heapalloc heapfree heaprealloc heapsize heapvalidate localalloc localfree globalalloc globalfree
    rtlallocateheap rtlfreeheap rtlreallocateheap rtlsizeheap rtldestroyheap rtlvalidateheap rtlpallocateheap
    rtlpfreeheap rtlpcoalescefreeblocks rtlpcoalesceheap rtlpinsertfreeblock rtlpfindandcommitpages
    rtlplogheapfailure rtlpheaphandleerror rtlpanalyzeheapfailure rtldebugallocateheap
    rtldebugfreeheap rtlallocateheapslowly rtlfreeheapslowly rtlpallocatefromheaplookaside
    exallocatepool exallocatepoolwithtag exfreepool exfreepoolwithtag exdeferredfreepool mmaccessfault
    rtlentercriticalsection rtlpwaitforcriticalsection rtlpwaitoncriticalsection rtlleavecriticalsection
    entercriticalsection leavecriticalsection rtldeletecriticalsection interlockedincrement interlockeddecrement
    keacquirespinlock keacquirespinlockatdpclevel kereleasespinlock iofcalldriver iocalldriver iofcompleterequest
    abort exit raise terminate purecall amsg_exit assert wassert crtdbgreport nmsg_write
    new delete sysallocstring sysfreestring sysreallocstring cotaskmemalloc cotaskmemfree safearraydestroy variantclear
    ndrproxycall ndrclientcall ndrclientcall2 dispatchmessagea dispatchmessagew callwindowproca callwindowprocw
    sendmessagea sendmessagew getmessagea getmessagew peekmessagea peekmessagew
""".split()
)
"""Helpers that thousands of unlike faults end in."""
