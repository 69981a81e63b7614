#ifndef OSSCB_LOG_H
#define OSSCB_LOG_H

/* The same numbers as in openssl_session_cb.h. */
enum {
    LOG_LEVEL_ERROR = 1,
    LOG_LEVEL_WARNING = 2,
    LOG_LEVEL_INFORMATION = 3
};

/* When this library is loaded: later, stderr may be something else. */
void log_remember_stderr(void);

/* Writes one line, with the process id, to what OSSCB_LOG says, if OSSCB_LOG_LEVEL lets it. errno stays as it was. */
void log_line(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, for the library's own lines. */
void log_text(int level, const char *text, void *unused);

#endif
