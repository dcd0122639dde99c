"""System calls: which an isolated process may make, which nobody makes by accident, and their numbers.

Numbers from the kernel: x86_64 from `syscall_64.tbl`, aarch64 from `include/uapi/asm-generic/unistd.h`.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALLOWED = _words(
    """
    read write mmap mprotect munmap brk madvise mremap futex getrandom clock_gettime clock_getres clock_nanosleep
    nanosleep gettimeofday time getrusage exit exit_group rt_sigreturn rt_sigaction rt_sigprocmask sigaltstack
    gettid getpid sched_yield sched_getaffinity getcwd close restart_syscall
    """
)
"""None of these takes a path, a socket or a process. NumPy, printing, locks and sleeping need no other."""

FATAL = _words(
    """
    fork vfork execve execveat rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd ptrace
    process_vm_readv process_vm_writev process_madvise kcmp socket socketpair connect bind listen accept accept4
    sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg io_uring_setup io_uring_enter io_uring_register bpf
    perf_event_open userfaultfd keyctl add_key request_key mount umount2 pivot_root chroot unshare setns
    open_by_handle_at name_to_handle_at fsopen fsconfig fsmount move_mount open_tree mount_setattr init_module
    finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff settimeofday clock_settime adjtimex
    sethostname setdomainname creat openat2 truncate ftruncate fallocate mkdir mkdirat rmdir mknod mknodat unlink
    unlinkat rename renameat renameat2 link linkat symlink symlinkat chmod fchmod fchmodat fchmodat2 chown lchown
    fchown fchownat utime utimes futimesat utimensat setxattr lsetxattr fsetxattr removexattr lremovexattr
    fremovexattr setuid setgid setreuid setregid setresuid setresgid setgroups capset
    """
)
"""Processes, network, changes to files and system: the attempt ends the process. A call in no list gives EPERM."""

TO_ITSELF = ("kill", "tkill", "tgkill")
"""Allowed where the target is the process itself: `os.abort` ends it as its author meant."""


def _table(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in (entry.split() for entry in text.split(","))}


NUMBERS = {
    "x86_64": _table(
        """
        read 0, write 1, mmap 9, mprotect 10, munmap 11, brk 12, madvise 28, mremap 25, futex 202, getrandom 318,
        clock_gettime 228, clock_getres 229, clock_nanosleep 230, nanosleep 35, gettimeofday 96, time 201, getrusage
        98, exit 60, exit_group 231, rt_sigreturn 15, rt_sigaction 13, rt_sigprocmask 14, sigaltstack 131, gettid
        186, getpid 39, sched_yield 24, sched_getaffinity 204, getcwd 79, close 3, restart_syscall 219, kill 62,
        tkill 200, tgkill 234, clone 56, clone3 435, open 2, openat 257, fork 57, vfork 58, execve 59, execveat 322,
        rt_sigqueueinfo 129, rt_tgsigqueueinfo 297, pidfd_open 434, pidfd_send_signal 424, pidfd_getfd 438, ptrace
        101, process_vm_readv 310, process_vm_writev 311, process_madvise 440, kcmp 312, socket 41, socketpair 53,
        connect 42, bind 49, listen 50, accept 43, accept4 288, sendto 44, sendmsg 46, sendmmsg 307, recvfrom 45,
        recvmsg 47, recvmmsg 299, io_uring_setup 425, io_uring_enter 426, io_uring_register 427, bpf 321,
        perf_event_open 298, userfaultfd 323, keyctl 250, add_key 248, request_key 249, mount 165, umount2 166,
        pivot_root 155, chroot 161, unshare 272, setns 308, open_by_handle_at 304, name_to_handle_at 303, fsopen
        430, fsconfig 431, fsmount 432, move_mount 429, open_tree 428, mount_setattr 442, init_module 175,
        finit_module 313, delete_module 176, kexec_load 246, kexec_file_load 320, reboot 169, swapon 167, swapoff
        168, settimeofday 164, clock_settime 227, adjtimex 159, sethostname 170, setdomainname 171, creat 85,
        openat2 437, truncate 76, ftruncate 77, fallocate 285, mkdir 83, mkdirat 258, rmdir 84, mknod 133, mknodat
        259, unlink 87, unlinkat 263, rename 82, renameat 264, renameat2 316, link 86, linkat 265, symlink 88,
        symlinkat 266, chmod 90, fchmod 91, fchmodat 268, fchmodat2 452, chown 92, lchown 94, fchown 93, fchownat
        260, utime 132, utimes 235, futimesat 261, utimensat 280, setxattr 188, lsetxattr 189, fsetxattr 190,
        removexattr 197, lremovexattr 198, fremovexattr 199, setuid 105, setgid 106, setreuid 113, setregid 114,
        setresuid 117, setresgid 119, setgroups 116, capset 126
        """
    ),
    "aarch64": _table(
        """
        read 63, write 64, mmap 222, mprotect 226, munmap 215, brk 214, madvise 233, mremap 216, futex 98, getrandom
        278, clock_gettime 113, clock_getres 114, clock_nanosleep 115, nanosleep 101, gettimeofday 169, getrusage
        165, exit 93, exit_group 94, rt_sigreturn 139, rt_sigaction 134, rt_sigprocmask 135, sigaltstack 132, gettid
        178, getpid 172, sched_yield 124, sched_getaffinity 123, getcwd 17, close 57, restart_syscall 128, kill 129,
        tkill 130, tgkill 131, clone 220, clone3 435, openat 56, execve 221, execveat 281, rt_sigqueueinfo 138,
        rt_tgsigqueueinfo 240, pidfd_open 434, pidfd_send_signal 424, pidfd_getfd 438, ptrace 117, process_vm_readv
        270, process_vm_writev 271, process_madvise 440, kcmp 272, socket 198, socketpair 199, connect 203, bind
        200, listen 201, accept 202, accept4 242, sendto 206, sendmsg 211, sendmmsg 269, recvfrom 207, recvmsg 212,
        recvmmsg 243, io_uring_setup 425, io_uring_enter 426, io_uring_register 427, bpf 280, perf_event_open 241,
        userfaultfd 282, keyctl 219, add_key 217, request_key 218, mount 40, umount2 39, pivot_root 41, chroot 51,
        unshare 97, setns 268, open_by_handle_at 265, name_to_handle_at 264, fsopen 430, fsconfig 431, fsmount 432,
        move_mount 429, open_tree 428, mount_setattr 442, init_module 105, finit_module 273, delete_module 106,
        kexec_load 104, kexec_file_load 294, reboot 142, swapon 224, swapoff 225, settimeofday 170, clock_settime
        112, adjtimex 171, sethostname 161, setdomainname 162, openat2 437, truncate 45, ftruncate 46, fallocate 47,
        mkdirat 34, mknodat 33, unlinkat 35, renameat 38, renameat2 276, linkat 37, symlinkat 36, fchmod 52,
        fchmodat 53, fchmodat2 452, fchown 55, fchownat 54, utimensat 88, setxattr 5, lsetxattr 6, fsetxattr 7,
        removexattr 14, lremovexattr 15, fremovexattr 16, setuid 146, setgid 144, setreuid 145, setregid 143,
        setresuid 147, setresgid 149, setgroups 159, capset 91
        """
    ),
}
