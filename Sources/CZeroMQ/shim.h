/* libzmq (zeromq.org, 4.3.4 on Debian 12) and the two system headers that Swift's Glibc module lacks. */
#include <malloc.h>
#include <sys/eventfd.h>
#include <zmq.h>
