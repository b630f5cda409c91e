/**
 * Lines of real traces, for tests that must run where no recordings are.
 *
 * @module
 */

/** Stock 5.10.262, tracefs' own text. */
export const KERNEL_5_10 = `\
# tracer: nop
#
# entries-in-buffer/entries-written: 14/14   #P:2
#
#                                _-----=> irqs-off
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| /     delay
#           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION
#              | |         |   ||||      |         |
              sh-115     [000] d...    13.581545: page_fault_user: address=0x1da6ff30 ip=0x52c436 error_code=0x7
         mapsync-325     [000] ....    79.959072: sys_mmap(addr: 0, len: 100000, prot: 3, flags: 80003, fd: 3, off: 1000)
         mapsync-325     [000] ....    79.959398: sys_mmap -> 0x7fdca6391000
         mapsync-325     [000] ....    79.959832: dax_pmd_fault_done: dev 259:0 ino 0x11 shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE address 0x7fdca6391000 vm_start 0x7fdca6391000 vm_end 0x7fdca6491000 pgoff 0x1 max_pgoff 0x1000 FALLBACK
         mapsync-325     [000] ....    79.959900: dax_pte_fault: dev 259:0 ino 0x11 shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE address 0x7fdca6391000 pgoff 0x1 
    jbd2/pmem0-8-127     [001] ....    79.955210: mm_filemap_add_to_page_cache: dev 0:3 ino 0 page=ffffea0000272480 pfn=40082 ofs=268779520
         mapsync-325     [000] ....    79.961227: dax_pte_fault_done: dev 259:0 ino 0x11 shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE address 0x7fdca6391000 pgoff 0x1 MAJOR|NEEDDSYNC
         mapsync-325     [000] ....    80.216072: kp_follow_invalidate_pte: (follow_invalidate_pte+0x0/0x440) mm=0xffff888004460440 addr=0x7fdca6391000
             fs2-135     [001] d...    89.019988: kr_dax_flush: (dax_writeback_mapping_range+0x363/0x730 <- dax_flush)
              rb-367     [000] d...    93.122060: kr_clear_page_dirty_for_io: (mpage_submit_page+0x1f/0x80 [ext4] <- clear_page_dirty_for_io) ret=1
          <idle>-0       [001] d.h.    93.134739: block_rq_complete: 254,0 WS () 1048576 + 8 [0]
     kworker/1:1H-57     [001] ....    93.136021: block_rq_issue: 254,0 WS 4096 () 1048576 + 8 [kworker/1:1H]
         mapsync-344     [000] ....    96.439615: xfs_file_fsync: dev 259:1 ino 0x1006
           procA-165     [000] ....    96.551077: tracing_mark_write: step=1 proc=A op=store off=0 val=65 va=0x7f652f800000
`;

/** Stock 6.12.107, tracefs' own text: a latency column more. */
export const KERNEL_6_12 = `\
# tracer: nop
#
# entries-in-buffer/entries-written: 8/8   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
              sh-172     [001] d....    19.435083: page_fault_user: address=0x1a030f30 ip=0x52c436 error_code=0x7
         mapsync-387     [001] ...1.    98.925182: sys_mmap(addr: 0, len: 100000, prot: 3, flags: 80003, fd: 3, off: 1000)
         mapsync-387     [001] ...1.    98.925686: sys_mmap -> 0x7f598f816000
         mapsync-387     [001] .....    98.935310: dax_insert_pfn_mkwrite: dev 259:0 ino 0x11 shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE|0x800 address 0x7f598f816000 pgoff 0x1 NOPAGE
         mapsync-387     [001] .....    99.043948: kp_page_vma_mkclean_one: (page_vma_mkclean_one.constprop.0+0x0/0x260) pvmw=0xffa00000006d7ac0
         mapsync-387     [001] .....    99.065433: dax_pmd_fault_done: dev 259:0 ino 0x12 shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE|VMA_LOCK address 0x7f598f200000 vm_start 0x7f598f200000 vm_end 0x7f598f400000 pgoff 0x0 max_pgoff 0x1000 NEEDDSYNC
             fs2-194     [000] .N...    99.265032: kr_dax_flush: (dax_writeback_mapping_range+0x219/0x5b0 <- dax_flush)
         mapsync-406     [001] .....   111.395696: xfs_file_fsync: dev 259:1 ino 0x1006 iflags 0x0
`;

/** `trace-cmd report` 3.1.6 of a buffer of 6.12.107. */
export const REPORT_6_12 = `\
cpus=2
           procA-227   [000]    19.508052: sys_enter_fallocate:  fd: 0x00000003, mode: 0x00000000, offset: 0x00000000, len: 0x01000000
           procA-227   [000]    19.521864: sys_exit_fallocate:   0x0
           procA-227   [000]    19.522322: ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 
    jbd2/pmem0-8-187   [001]    19.527192: mm_filemap_add_to_page_cache: dev 0:3 ino 10300000 pfn=0x6494 ofs=268439552 order=0
           procA-227   [000]    19.551077: print:                tracing_mark_write: scenario=s3 variant=0 file=/mnt/dax/s3 dev=259:0 ino=0xc base=0x0 how=1
           procA-227   [000]    19.560000: dax_pmd_fault_done:   dev 259:0 ino 0xc shared 0x1255 address 0x7f2af7800000 vm_start 0x7f2af7800000 vm_end 0x7f2af7a00000 pgoff 0 max_pgoff 0x1000 0x100
           procA-227   [000]    19.560100: kp_pfn_mkclean_range: (ffffffff81395514) pfn=0x49000 nr=512 pgoff=0 vm_start=0x7f2af7800000 vm_end=0x7f2af7a00000
           procA-227   [000]    19.560200: kr_pfn_mkclean_range: (ffffffff81395514 <- ffffffff814c5327) ret=1
           procA-227   [000]    19.560300: sys_enter_pwrite64:   [FAILED TO PARSE] __syscall_nr=18 fd=0x3 buf=0x7f42d33b2010 count=0x100000 pos=0x0
`;
