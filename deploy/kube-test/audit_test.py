"""What the audit says of notes and of a store: python3 deploy/kube-test/audit_test.py"""

import json
import os
import sys
import tempfile
import unittest
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import audit  # noqa: E402

NOTES = """\
T 1-0-1 lines 2
A 1-0-1 11
T 1-0-2 lines 2
A 1-0-2 10
T 1-0-3 lines 2
U 1-0-3
T 1-0-4 lines 2
R 1-0-4 ServiceUnavailableException
T 1-0-5 lines 2
"""
ACCEPTED = ["1-0-1:0", "1-0-1:1", "1-0-2:0"]


class AuditTest(unittest.TestCase):
    def compare(self, *there, wrong=(), notes=NOTES, key="lines/x", customer="c1"):
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/notes-1", "w", encoding="utf-8") as file:
                file.write(notes + "T 1-0-6")  # the producer was killed while it wrote
            landed = audit.Landed(wrong=list(wrong))
            lines = [json.dumps({"id": name, "customer": customer, "text": "t", "sum": zlib.crc32(b"t")}) for name in there]
            audit.add(landed, key, "\n".join(lines).encode())
            return audit.compare(audit.sent(folder), landed)

    def test_each_accepted_record_once_is_right(self):
        result = self.compare(*ACCEPTED)
        self.assertTrue(result.right)
        self.assertEqual((3, 3, 6), (result.accepted, result.landed, result.unanswered))

    def test_a_call_without_an_answer_may_be_there_as_a_whole(self):
        for call in ("1-0-3", "1-0-4", "1-0-5"):
            self.assertTrue(self.compare(*ACCEPTED, f"{call}:0", f"{call}:1").right)

    def test_half_a_call_without_an_answer_is_wrong(self):
        self.assertEqual(1, len(self.compare(*ACCEPTED, "1-0-3:1").wrong))

    def test_a_missing_record_is_lost(self):
        self.assertEqual(["1-0-1:1"], self.compare("1-0-1:0", "1-0-2:0").lost)

    def test_a_record_that_is_there_twice_is_told_whatever_was_heard_of_it(self):
        self.assertEqual(["1-0-1:1"], self.compare(*ACCEPTED, "1-0-1:1").twice)
        self.assertEqual(["1-0-3:0", "1-0-3:1"], self.compare(*ACCEPTED, *["1-0-3:0", "1-0-3:1"] * 2).twice)

    def test_a_record_that_was_refused_in_an_accepted_call_must_not_be_there(self):
        self.assertEqual(["1-0-2:1 was refused and is there"], self.compare(*ACCEPTED, "1-0-2:1").wrong)

    def test_a_record_that_nobody_sent_is_wrong(self):
        self.assertEqual(["nobody sent 9-9-9:0"], self.compare(*ACCEPTED, "9-9-9:0").wrong)

    def test_a_record_in_another_stream_than_it_was_put_into_is_wrong(self):
        self.assertEqual("1-0-1:0 was put into lines and is in clicks", self.compare(*ACCEPTED, key="clicks/x").wrong[0])

    def test_a_record_in_the_partition_of_another_customer_is_wrong(self):
        clicks = NOTES.replace("lines", "clicks")
        self.assertTrue(self.compare(*ACCEPTED, notes=clicks, key="clicks/customer=c1/x").right)
        self.assertEqual("1-0-1:0 of the customer c2 is in clicks/customer=c1/x",
                         self.compare(*ACCEPTED, notes=clicks, key="clicks/customer=c1/x", customer="c2").wrong[0])

    def test_other_bytes_are_wrong(self):
        landed = audit.Landed()
        audit.add(landed, "lines/x", b'{"id": "a", "customer": "c1", "text": "t", "sum": 1}')
        self.assertEqual(["a has other bytes"], landed.wrong)

    def test_an_answer_for_fewer_or_more_records_than_were_sent_is_wrong(self):
        self.assertEqual(["the call 1-0-1 of 2 records was answered for 1"],
                         self.compare(*ACCEPTED, notes=NOTES.replace("A 1-0-1 11", "A 1-0-1 1")).wrong)
        self.assertEqual(["the call 1-0-1 of 2 records was answered for 0"],
                         self.compare(*ACCEPTED, notes=NOTES.replace("A 1-0-1 11", "A 1-0-1")).wrong)
        self.assertEqual(["the call 1-0-1 of 2 records was answered for 3"],
                         self.compare(*ACCEPTED, notes=NOTES.replace("A 1-0-1 11", "A 1-0-1 111")).wrong)

    def test_what_is_wrong_with_objects_is_wrong(self):
        self.assertFalse(self.compare(*ACCEPTED, wrong=["lines/x has 2 versions"]).right)


if __name__ == "__main__":
    unittest.main()
