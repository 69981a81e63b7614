/*
 * Plays a server like nginx or Apache: a master makes the context and forks workers before the first handshake, and each worker
 * gives up what it does not need before it serves. Here each has a port of its own, so that a test can say whom it asks.
 *
 *     prefork CERTIFICATE KEY WORKERS [user=ID] [root=FOLDER] [address_space=MB] [data=MB] [processes=N] [deny=service|NAME[,NAME...]]
 *
 * deny: a seccomp filter that answers EPERM. service: to what systemd's SystemCallFilter=@system-service does not allow.
 */
#include "host.h"

#include <grp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const struct {
    const char *name;
    int number;
    int is_service; /* systemd-analyze syscall-filter @system-service has it */
} calls[] = {
#define CALL(name, is_service) {#name, SYS_##name, is_service}
    CALL(membarrier, 1), CALL(sched_getaffinity, 1), CALL(sched_setaffinity, 1), CALL(get_mempolicy, 1), CALL(set_mempolicy, 1),
    CALL(mbind, 1), CALL(memfd_create, 1), CALL(sysinfo, 1), CALL(prlimit64, 1), CALL(madvise, 1), CALL(mlock, 1), CALL(prctl, 1),
    CALL(statfs, 1), CALL(statx, 1), CALL(flock, 1), CALL(clone3, 1), CALL(socket, 1), CALL(uname, 1), CALL(getrandom, 1),
    CALL(fchown, 1), CALL(ioctl, 1), CALL(sched_yield, 1), CALL(readlinkat, 1), CALL(execve, 1),
#ifdef SYS_readlink
    CALL(readlink, 1), CALL(access, 1), CALL(getpgrp, 1),
#endif
    CALL(userfaultfd, 0), CALL(ptrace, 0), CALL(perf_event_open, 0), CALL(bpf, 0), CALL(io_uring_setup, 0), CALL(io_uring_enter, 0),
    CALL(process_vm_readv, 0), CALL(process_vm_writev, 0), CALL(pidfd_getfd, 0), CALL(kexec_load, 0), CALL(init_module, 0),
    CALL(finit_module, 0), CALL(delete_module, 0), CALL(mount, 0), CALL(umount2, 0), CALL(pivot_root, 0), CALL(chroot, 0),
    CALL(setns, 0), CALL(unshare, 0), CALL(swapon, 0), CALL(swapoff, 0), CALL(reboot, 0), CALL(clock_settime, 0),
    CALL(settimeofday, 0), CALL(clock_adjtime, 0), CALL(adjtimex, 0), CALL(acct, 0), CALL(quotactl, 0), CALL(syslog, 0),
    CALL(vhangup, 0), CALL(move_pages, 0), CALL(migrate_pages, 0), CALL(open_by_handle_at, 0), CALL(fanotify_init, 0),
    CALL(lookup_dcookie, 0), CALL(nfsservctl, 0), CALL(pkey_alloc, 0), CALL(pkey_mprotect, 0), CALL(seccomp, 0),
};

enum { CALLS = sizeof calls / sizeof *calls };

static int is_named(const char *names, const char *name)
{
    const char *found = strstr(names, name);
    size_t length = strlen(name);

    while (found != NULL && !((found == names || found[-1] == ',') && (found[length] == '\0' || found[length] == ',')))
        found = strstr(found + 1, name);
    return found != NULL;
}

static void deny(const char *names)
{
    struct sock_filter code[2 * CALLS + 5];
    struct sock_fprog filter = {0, code};
    unsigned short length = 0;

    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < CALLS; i++) {
        if (strcmp(names, "service") == 0 ? calls[i].is_service : !is_named(names, calls[i].name))
            continue;
        code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, 0, 1);
        code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter.len = length;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        fail("no seccomp filter");
}

static void limit(int resource, unsigned long most)
{
    struct rlimit both = {most, most};

    if (setrlimit(resource, &both) != 0)
        fail("setrlimit");
}

static void give_up(const char *what)
{
    const char *value = strchr(what, '=') + 1;
    unsigned long number = strtoul(value, NULL, 10);

    if (strncmp(what, "user=", 5) == 0) {
        if (setgroups(0, NULL) != 0 || setgid((gid_t)number) != 0 || setuid((uid_t)number) != 0)
            fail("setuid");
    } else if (strncmp(what, "root=", 5) == 0) {
        if (chroot(value) != 0 || chdir("/") != 0)
            fail("chroot");
    } else if (strncmp(what, "address_space=", 14) == 0) {
        limit(RLIMIT_AS, number << 20);
    } else if (strncmp(what, "data=", 5) == 0) {
        limit(RLIMIT_DATA, number << 20);
    } else if (strncmp(what, "processes=", 10) == 0) {
        limit(RLIMIT_NPROC, number);
    } else if (strncmp(what, "deny=", 5) == 0) {
        deny(value);
    } else {
        fail(what);
    }
}

int main(int argc, char **argv)
{
    int workers = argc < 4 ? 0 : atoi(argv[3]), listeners[16];
    SSL_CTX *context;

    if (workers < 1 || workers > 16)
        return 2;
    context = make_context(argv[1], argv[2], NULL);
    for (int i = 0; i < workers; i++)
        listeners[i] = listen_somewhere();
    for (int i = 0; i < workers; i++) {
        if (fork() != 0)
            continue;
        for (int j = 4; j < argc; j++)
            give_up(argv[j]);

        /* setuid undoes it, and a filter may forbid it. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            serve(context, accept_one(listeners[i]));
    }
    while (wait(NULL) > 0) {
    }
    say("every worker has ended");
    return 1;
}
