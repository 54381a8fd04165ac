/* libzmq (zeromq.org, 4.3.4 on Debian 12) and the one system header that Swift's Glibc module lacks. */
#include <sys/eventfd.h>
#include <zmq.h>
