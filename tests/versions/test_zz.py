import time, pytest
from pathlib import Path
from django.conf import settings
from tests.versions.conftest import LAX, published, released
from plainview.privacy import policy_reload
from plainview.privacy.versions import archive, following, publishing, queries, services, comparing
from plainview import engine
from plainview.privacy.consent import storage
from plainview.privacy import checks
t=time.process_time
def m(name,f,n=3):
    best=9
    for _ in range(n):
        a=t(); r=f(); best=min(best,t()-a)
    print(f"{name:30s} {best*1000:7.1f}", flush=True); return r
@pytest.mark.django_db
def test_zz(edit,tmp_path):
    P=settings.POLICY_DIR
    m("begin first",lambda: policy_reload.begin(P,tmp_path/"data"),1)
    m("begin again",lambda: policy_reload.begin(P,tmp_path/"data"))
    files=m("files_of",lambda: archive.files_of(P))
    b=m("whole",lambda: services.whole(files))
    m("declared",storage.declared)
    m("digest",lambda: archive.digest(b))
    k=m("kept",lambda: archive.kept(b))
    m("restored",lambda: archive.restored(k))
    m("unpack",lambda: archive.unpack(b))
    pol=m("policy",lambda: archive.policy.__wrapped__(b))
    m("faults",lambda: services.faults(pol))
    for c in ("marks","doors","commands","storage"): m("check_"+c,getattr(checks,"check_"+c))
    m("copied",lambda: policy_reload.copied(P,tmp_path/"data"))
    folder=m("edit",lambda: edit(("jurisdictions/in.toml", LAX)))
    p2=m("load folder",lambda: engine.load(folder))
    m("differences",lambda: engine.differences(pol,p2),2)
    m("differences",lambda: engine.differences(pol,p2),2)
    import importlib; d=importlib.import_module("plainview.engine.differing.differences")
    for f in (d.decided_otherwise,d.said_otherwise,d.of_recipients,d.of_laws,d.of_words): m(f.__name__,lambda: list(f(pol,p2)))
    print(len(list(d._eras(pol,p2))))
    v=m("propose",lambda: services.propose(folder),1)
    for s in (1,2): services.release(v,staff=s)
    m("publish",lambda: publishing.publish(v,patience=0),1)
