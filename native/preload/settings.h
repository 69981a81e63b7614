#ifndef OSSCB_SETTINGS_H
#define OSSCB_SETTINGS_H

/*
 * The environment variables that a server is started with. They are copied when the library is loaded: nginx, for one, replaces the
 * environment of its workers.
 */
typedef struct {
    const char *store;       /* OSSCB_STORE; NULL: nothing is done at all */
    const char *key_file;    /* OSSCB_KEY_FILE */
    const char *farm;        /* OSSCB_FARM */
    const char *library;     /* OSSCB_LIBRARY; otherwise libopensslsessioncb.so beside the preloaded library */
    const char *log;         /* OSSCB_LOG: stderr (the default), or a file to append to */
    const char *program;     /* the file that runs, without its folder; "" where that cannot be found out */
    int log_level;           /* OSSCB_LOG_LEVEL: error, warning or information (the default) */
    int deadline_ms;         /* OSSCB_DEADLINE_MS; 0: the library's default */
    int children;            /* OSSCB_CHILDREN=1: programs that the server starts are preloaded too */
    int shares_without_certificate; /* OSSCB_SHARE_WITHOUT_CERTIFICATE=1: see ShareSessionsWithoutClientCertificate */
} osscb_settings;

extern osscb_settings settings;

/* Reads the environment; answers whether there is anything to do. Logs what is not understood. */
int settings_read(void);

#endif
