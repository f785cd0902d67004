package io.delivery.metrics;

/** Every metric there is. The names are the contract with operators (docs/reference/metrics.md). */
public enum Metric {
    ACCEPTED_RECORDS(
            "delivery_accepted_records_total",
            Kind.COUNTER,
            "",
            "Records that producers got a 200 for: they are durable in the journal."),
    ACCEPTED_BYTES(
            "delivery_accepted_bytes_total",
            Kind.COUNTER,
            "",
            "Bytes of the records that producers got a 200 for."),
    SPLIT_RECORDS(
            "delivery_split_records_total",
            Kind.COUNTER,
            "",
            "Records that de-aggregation (split) made beyond the accepted ones: a record that is split"
                    + " in three counts two."),
    LANDED_RECORDS(
            "delivery_landed_records_total",
            Kind.COUNTER,
            "",
            "Records in objects of the destination that the store has shown. Records of the error"
                    + " output and of the backup are not among them."),
    DROPPED_RECORDS(
            "delivery_dropped_records_total",
            Kind.COUNTER,
            "",
            "Records that a processor dropped because it was told to."),
    ERROR_OUTPUT_RECORDS(
            "delivery_error_output_records_total",
            Kind.COUNTER,
            "reason",
            "Records in objects of the error output that the store has shown, by the step that failed"
                    + " (reason)."),
    DAMAGED_RECORDS(
            "delivery_damaged_records_total",
            Kind.COUNTER,
            "",
            "Records that are lost because the disk changed bytes it had confirmed. It stays 0 on a"
                    + " healthy disk."),
    DISCARDED_RECORDS(
            "delivery_discarded_records_total",
            Kind.COUNTER,
            "",
            "Records that had not landed when somebody deleted their stream. The label stream is"
                    + " empty, because the metrics of a stream end with it."),
    BUFFERED_RECORDS(
            "delivery_buffered_records",
            Kind.GAUGE,
            "",
            "Records that were accepted, and are neither landed, dropped nor in the error output yet."),
    LANDED_OBJECTS(
            "delivery_landed_objects_total",
            Kind.COUNTER,
            "",
            "Objects of the destination and the error output that the store has shown."),
    LANDED_BYTES(
            "delivery_landed_bytes_total",
            Kind.COUNTER,
            "",
            "Bytes of the objects of the destination and the error output that the store has shown, as"
                    + " stored: encoded and compressed."),
    BACKUP_LANDED_RECORDS(
            "delivery_backup_landed_records_total",
            Kind.COUNTER,
            "",
            "Source records in backup objects that the store has shown."),
    BACKUP_LANDED_OBJECTS(
            "delivery_backup_landed_objects_total",
            Kind.COUNTER,
            "",
            "Backup objects that the store has shown."),
    BACKUP_LANDED_BYTES(
            "delivery_backup_landed_bytes_total",
            Kind.COUNTER,
            "",
            "Bytes of the backup objects that the store has shown, as stored."),
    SEALS(
            "delivery_seals_total",
            Kind.COUNTER,
            "trigger",
            "Ranges of the journal that were sealed: all their objects are decided. The label trigger"
                    + " says what ended the range: a buffering hint, a flush, a stop or a limit."),
    THROTTLED_RECORDS(
            "delivery_throttled_records_total",
            Kind.COUNTER,
            "cause",
            "Records that were answered with \"Slow down.\", by the reason (cause); SDKs send them again."
                    + " With the causes requests_quota, records_quota and bytes_quota a rule of quotas"
                    + " was used up, and the other records of the same batch may have been accepted."
                    + " With the cause memory a call counts as one and the label stream is empty,"
                    + " because its body was not read."),
    FRESHNESS(
            "delivery_freshness_seconds",
            Kind.GAUGE,
            "",
            "Age of the oldest record that has not landed and been committed; 0 when every record has."),
    BUFFER_INTERVAL(
            "delivery_buffer_interval_seconds",
            Kind.GAUGE,
            "",
            "Interval of the stream's buffering hints. While all is well, delivery_freshness_seconds does"
                    + " not exceed it by more than a landing takes."),
    JOURNAL_BYTES(
            "delivery_journal_bytes", Kind.GAUGE, "", "Bytes that the journal takes on the disk."),
    JOURNAL_HELD_BYTES(
            "delivery_journal_held_bytes",
            Kind.GAUGE,
            "",
            "Bytes of the journal that are kept because records in them are not committed. When they"
                    + " reach delivery_journal_limit_bytes, producers get 503. The journal takes more"
                    + " on the disk, because it allocates files ahead."),
    SPOOL_BYTES(
            "delivery_spool_bytes",
            Kind.GAUGE,
            "",
            "Bytes of buffered records that were moved from memory to the disk."),
    STAGING_BYTES(
            "delivery_staging_bytes",
            Kind.GAUGE,
            "",
            "Bytes of encoded objects that wait on the disk until the store has shown them."),
    MEMORY_BYTES(
            "delivery_memory_bytes", Kind.GAUGE, "", "Bytes of memory that buffered records take."),
    JOURNAL_LIMIT_BYTES(
            "delivery_journal_limit_bytes",
            Kind.GAUGE,
            "",
            "Bytes that the journal may take on the disk at present: the stream's share of the disk limit."
                    + " It rises while other streams need less."),
    JOURNAL_FULL_SECONDS(
            "delivery_journal_full_seconds",
            Kind.GAUGE,
            "",
            "Seconds until the journal is full and producers get 503, at the present rate; rather too"
                    + " short than too long. +Inf when the journal does not grow, 0 while producers"
                    + " get 503 for it."),
    ACTIVE_PARTITIONS(
            "delivery_active_partitions",
            Kind.GAUGE,
            "",
            "Partition buffers that are open. A record of a new partition beyond activePartitionsLimit"
                    + " goes to the error output."),
    ACCEPT_SECONDS(
            "delivery_accept_seconds",
            Kind.HISTOGRAM,
            "",
            "Time from a decoded request until its records are durable."),
    FSYNC_SECONDS(
            "delivery_fsync_seconds",
            Kind.HISTOGRAM,
            "",
            "Time that one fsync of the journal takes."),
    ENCODE_SECONDS(
            "delivery_encode_seconds",
            Kind.HISTOGRAM,
            "",
            "Time that it takes to encode one object and make its bytes durable here."),
    LAND_SECONDS(
            "delivery_land_seconds",
            Kind.HISTOGRAM,
            "",
            "Time that one attempt to write an object to the store takes, whatever it ends with."),
    JQ_SECONDS(
            "delivery_jq_seconds",
            Kind.HISTOGRAM,
            "",
            "Time that the partitioning query takes for the records of one batch."),
    JQ_LIMITED_RECORDS(
            "delivery_jq_limited_records_total",
            Kind.COUNTER,
            "limit",
            "Records that went to the error output because a jq query or a regular expression needed too much:"
                    + " more than one record may take (record), or more than the stream's records"
                    + " together had left (stream)."),
    FUNCTION_INVOCATIONS(
            "delivery_function_invocations_total",
            Kind.COUNTER,
            "function",
            "Events that were made of records for the stream's function. One that is sent again"
                    + " counts once."),
    FUNCTION_ATTEMPTS(
            "delivery_function_attempts_total",
            Kind.COUNTER,
            "function",
            "How often events were sent to the stream's function, each further try included;"
                    + " an event that only waited for a slot does not count."),
    FUNCTION_INPUT_RECORDS(
            "delivery_function_input_records_total",
            Kind.COUNTER,
            "function",
            "Records in the events for the stream's function; a record that is read again after a"
                    + " restart counts again."),
    FUNCTION_OUTPUT_RECORDS(
            "delivery_function_output_records_total",
            Kind.COUNTER,
            "function",
            "Records that the stream's function answered Ok."),
    FUNCTION_FAILED_RECORDS(
            "delivery_function_failed_records_total",
            Kind.COUNTER,
            "code",
            "Records that failed at the stream's function, by the code that their error output has."),
    FUNCTION_SECONDS(
            "delivery_function_seconds",
            Kind.HISTOGRAM,
            "",
            "Time from sending an event to the function until it is known what became of it, the"
                    + " wait for a free slot included."),
    FUNCTION_BUSY_SLOTS(
            "delivery_function_busy_slots",
            Kind.GAUGE,
            "",
            "Events that the stream's function works on at present, for all streams that share the"
                    + " function."),
    FUNCTION_WAITING(
            "delivery_function_waiting",
            Kind.GAUGE,
            "",
            "Events that wait for a free slot of the stream's function, of all streams that share"
                    + " the function."),
    VISIBLE_VOID_OBJECTS(
            "delivery_visible_void_objects",
            Kind.GAUGE,
            "",
            "Objects that were given up and that the store shows all the same, so that their records"
                    + " are in the store twice. Status names the objects. It is 0 when all is well, and also"
                    + " where the store forbids to look, which the log says."),
    REDIRECTED_OBJECTS(
            "delivery_redirected_objects_total",
            Kind.COUNTER,
            "",
            "Objects that did not land and got another key by delivery redirect."),
    SKIPPED_RECORDS(
            "delivery_skipped_records_total",
            Kind.COUNTER,
            "to",
            "Records whose object did not land and was given up, because the store refuses its key"
                    + " or by delivery skip: into the error output, or the local folder."),
    RETRIES(
            "delivery_retries_total",
            Kind.COUNTER,
            "operation",
            "Requests to the store that were made again: land writes an object, find looks whether it"
                    + " is there."),
    UNKNOWN_FIELDS(
            "delivery_unknown_fields_total",
            Kind.COUNTER,
            "",
            "Fields of records that the table has no column for: dropped, or kept in the column that"
                    + " the stream names. Fields in whose place another key of the record counts are"
                    + " included: they are not written."),
    CLOCK_STEPS(
            "delivery_clock_steps_total",
            Kind.COUNTER,
            "",
            "How often the wall clock jumped by more than a second. The label stream is empty."),
    RELOADED_FILES(
            "delivery_reloaded_files_total",
            Kind.COUNTER,
            "setting",
            "How often changed files of a setting (configuration, credentials, the admin token, the"
                    + " certificate) came"
                    + " into force while the service ran. The label stream is empty."),
    STALE_FILES(
            "delivery_stale_files",
            Kind.GAUGE,
            "",
            "Settings whose files have changed and cannot be used, so that their former contents"
                    + " count: status says why. The label stream is empty."),
    CONFIGURATION_STALE(
            "delivery_configuration_stale",
            Kind.GAUGE,
            "",
            "1 while the contents of the configuration file are not in force, because they were"
                    + " refused or take more than 60 s, so that the former ones count, or are not in"
                    + " force for every stream: status says why; otherwise 0. The label stream is"
                    + " empty."),
    CERTIFICATE_EXPIRES_SECONDS(
            "delivery_certificate_expires_seconds",
            Kind.GAUGE,
            "",
            "Seconds until the certificate of the API or of the admin server expires, whichever is"
                    + " first; negative when it has. The label stream is empty; without TLS there is no"
                    + " value."),
    START_TIME(
            "delivery_start_time_seconds",
            Kind.GAUGE,
            "",
            "When the service started, in seconds since 1970. The label stream is empty."),
    TESTING_MODE(
            "delivery_testing_mode",
            Kind.GAUGE,
            "",
            "1 while server.testing is configured, which is for tests of applications only; otherwise"
                    + " 0. The label stream is empty."),
    STREAM_HEALTHY(
            "delivery_stream_healthy",
            Kind.GAUGE,
            "",
            "1 while the stream is healthy, 0 while an operator should look: status says why."),
    STREAM_ENCRYPTED(
            "delivery_stream_encrypted",
            Kind.GAUGE,
            "",
            "1 while what the stream writes on the disk is encrypted, otherwise 0."),
    BOOKS_BALANCED(
            "delivery_books_balanced",
            Kind.GAUGE,
            "",
            "1 while the books of the stream add up; 0 tells of a defect of this program.");

    /** How values behave. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final String metricName;
    private final Kind kind;
    private final String label;
    private final String description;

    Metric(String metricName, Kind kind, String label, String description) {
        this.metricName = metricName;
        this.kind = kind;
        this.label = label;
        this.description = description;
    }

    public String metricName() {
        return metricName;
    }

    public Kind kind() {
        return kind;
    }

    /** Name of the label beside {@code stream}; empty for none. */
    public String label() {
        return label;
    }

    public String description() {
        return description;
    }
}
