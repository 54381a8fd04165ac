/* libxlsxwriter (libxlsxwriter.github.io, 1.1.4 on Debian 12). */
#include <xlsxwriter.h>
