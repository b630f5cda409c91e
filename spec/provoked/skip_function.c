// SPDX-License-Identifier: MIT
/*
 * Skips a function of the kernel: it returns at once, where a task of this name calls it. To show what
 * a kernel would do that had forgotten the step, and what a trace then shows. Never load it on a
 * machine whose data matters.
 *
 *	insmod skip_function.ko function=folio_mkclean comm=skipping result=0
 *
 * Build it against the headers of the kernel under test: obj-m := skip_function.o
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

static char *function, *comm;
static long result;
static ulong skipped;
module_param(function, charp, 0444);
module_param(comm, charp, 0444);
module_param(result, long, 0444); /* what the caller gets */
module_param(skipped, ulong, 0444); /* how often so far */

/* Where the caller is sent to: regs->ax, which it takes for what the function returned, is kept. */
static notrace void nothing(void)
{
}

static int skip(struct kprobe *probe, struct pt_regs *regs)
{
	if (strcmp(current->comm, comm))
		return 0;
	skipped++;
	regs->ax = result;
	regs->ip = (unsigned long)nothing;
	return 1; /* the instruction under the probe is not run */
}

/* A probe that changes regs->ip has a post_handler, or ftrace lets another take its place. */
static void post(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = { .pre_handler = skip, .post_handler = post };

static int __init start(void)
{
	if (!function || !comm)
		return -EINVAL;
	probe.symbol_name = function;
	return register_kprobe(&probe);
}

static void __exit end(void)
{
	unregister_kprobe(&probe);
}

module_init(start);
module_exit(end);
MODULE_DESCRIPTION("returns from a function at once");
MODULE_LICENSE("Dual MIT/GPL");
